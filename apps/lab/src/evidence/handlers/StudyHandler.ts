import { Runs } from "@nonconvex/store/Runs"
import { Effect, Layer, Option, Path } from "effect"
import * as Capable from "../../cli/Capable.ts"
import { Misfit, RunFailed } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import type { Input } from "../study/StudyFlags.ts"
import * as CheckStudy from "../study/CheckStudy.ts"
import * as Registering from "../study/Registering.ts"
import * as RunStudy from "../study/RunStudy.ts"
import * as Stored from "../study/Stored.ts"
import * as Study from "../study/Study.ts"
import * as StudyReport from "../study/StudyReport.ts"
import * as StudyTable from "../study/StudyTable.ts"
import * as Machines from "../worker/Machines.ts"

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
  const registration = yield* Registering.registration(study, sweep)
  yield* Output.text(`sha256 ${registration.digest}`)
  yield* Output.text(
    registration.tag === undefined
      ? Registering.tagging(study, sweep, registration)
      : `the tag ${registration.tag} records this digest`,
  )
})

/** Runs a study, writes its result, and shows what it found. */
const run = Effect.fnUntraced(
  function* (asked: Study.Study, { all, fresh, full, json, kernels, out }: Input) {
    const path = yield* Path.Path
    const study = full ? yield* Study.atFullSize(asked) : asked
    const registration = yield* Registering.registration(study, full ? "full" : "sweep")
    const place = out ?? path.join(study.folder, Study.files.result)
    const kept = Option.map(yield* Effect.serviceOption(Runs), ({ place: store }) => store)
    const file = yield* Folder.stageFile(place, Option.toArray(kept))
    const stored = yield* RunStudy.run(study, registration, { fresh, kernels })
    const report = yield* StudyReport.of(yield* Study.fitted(study, stored))
    yield* file.write(yield* Effect.promise(() => Stored.encode(stored)))
    yield* show(report, { all, json })
  },
  Effect.scoped,
  (work, _, input) =>
    Effect.provide(work, Layer.merge(Capable.layer(input), Machines.storing(input))),
)

/** Describes the difference in a line. */
const difference = ({ first, sameCode, study }: CheckStudy.Checked): string => {
  const { found, kept, place, trial } = first!
  const code = sameCode
    ? "the version of the code is the same"
    : "the version of the code is different, which may be the reason"
  return `${study} differs: trial ${trial}${place === "" ? "" : `, ${place}`}: ${kept} is stored, ${found} was recomputed; ${code}`
}

const check = Effect.fnUntraced(function* (study: Study.Study, count: number, input: Input) {
  const { json, seed } = input
  const finished = yield* Study.finished(study)
  if (finished === undefined) {
    return yield* new Misfit({ flag: "check", needs: "a result; compute it with --run" })
  }
  const { kernels } = finished.stored.provenance
  const checked = yield* CheckStudy.check(finished, { count, seed }).pipe(
    Effect.provide(Capable.layer({ ...input, kernels })),
  )
  if (json) yield* Output.json(CheckStudy.Checked, checked)
  if (!checked.same) return yield* new RunFailed({ reasons: [difference(checked)] })
  if (json) return
  const { dim, good } = yield* paint
  const all = finished.stored.trials.length
  yield* Output.text(
    `${good("the same bits")} in ${Table.plural(checked.rows, "row")} of ${checked.trials.length} of ${Table.plural(all, "trial")}: ${study.name}, ${kernels} kernels`,
  )
  if (!checked.sameCode) {
    yield* Output.text(dim("the version of the code is different"))
  }
})

export const handle = Effect.fn("study")(function* (input: Input) {
  yield* requireFlags(input)
  const { check: count, name, studies } = input
  if (name === undefined) return yield* list(input)
  const study = yield* Study.named(studies, name)
  if (input.register) return yield* register(study, input)
  if (input.run) return yield* run(study, input)
  if (count !== undefined) return yield* check(study, count, input)
  return yield* show(yield* StudyReport.read(study), input)
})
