import { Effect } from "effect"
import { Misfit } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import * as Table from "../../cli/TextTable.ts"
import type { Input } from "../study/StudyFlags.ts"
import * as Study from "../study/Study.ts"
import * as StudyReport from "../study/StudyReport.ts"
import * as StudyTable from "../study/StudyTable.ts"

const show = Effect.fnUntraced(function* (
  report: StudyReport.StudyReport,
  { all, json }: Pick<Input, "all" | "json">,
) {
  if (json) return yield* Output.json(StudyReport.StudyReport, report)
  const [paints, width] = [yield* paint, yield* Output.width]
  return yield* Output.text(
    all
      ? StudyTable.render(paints, width, report)
      : Table.clip(StudyTable.brief(paints, width, report)),
  )
})

const list = Effect.fnUntraced(function* ({ all, json, studies }: Input) {
  const paints = yield* paint
  const none = Output.text(`no studies in ${studies}`)
  if (!all && !json) {
    const outcomes = yield* StudyReport.outcomes(studies)
    if (outcomes.length === 0) return yield* none
    const short = StudyTable.short(paints, outcomes, yield* Output.width)
    return yield* Output.text(Table.clip(short))
  }
  const reports = yield* StudyReport.all(studies)
  if (reports.length === 0 && !json) return yield* none
  return yield* Output.list(StudyReport.StudyReport, reports, { json }, (columns) =>
    StudyTable.listed(paints, columns),
  )
})

/** Fails with `Misfit` if a flag does not apply to the request. */
const requireFlags = ({ check, full, name, out, register, run }: Input) => {
  const refuse = (flag: string, needs: string) => Effect.fail(new Misfit({ flag, needs }))
  if (name === undefined && run) return refuse("run", "the name of a study")
  if (name === undefined && register) return refuse("register", "the name of a study")
  if (name === undefined && check !== undefined) return refuse("check", "the name of a study")
  if (run && check !== undefined)
    return refuse("check", "a study with a stored result; run it first")
  if (!run && out !== undefined) return refuse("out", "--run")
  if (full && !register && (!run || out === undefined)) {
    return refuse("full", "--run and --out, since the stored result is that of the other sweep")
  }
  return Effect.void
}

/** Prints the digest of a committed study, and the tag that holds it or the command that creates one. */
const register = Effect.fnUntraced(function* (asked: Study.Study, { full }: Input) {
  const study = full ? yield* Study.atFullSize(asked) : asked
  const sweep = full ? "full" : "sweep"
  const Registering = yield* Effect.promise(() => import("../study/RegistrationProof.ts"))
  const registration = yield* Registering.registration(study, sweep)
  yield* Output.text(`sha256 ${registration.digest}`)
  yield* Output.text(
    registration.tag === undefined
      ? Registering.tagging(study, sweep, registration)
      : `the tag ${registration.tag} records this digest`,
  )
})

export const handle = Effect.fn("study")(function* (input: Input) {
  yield* requireFlags(input)
  const { check: count, name, studies } = input
  if (name === undefined) return yield* list(input)
  const study = yield* Study.named(studies, name)
  if (input.register) return yield* register(study, input)
  if (input.run || count !== undefined) {
    const computing = yield* Effect.promise(() => import("../study/StudyRuns.ts"))
    return input.run
      ? yield* show(yield* computing.run(study, input), input)
      : yield* computing.check(study, count!, input)
  }
  return yield* show(yield* StudyReport.read(study), input)
})
