/** The computations of a study, apart from its list, which needs none of their modules. */
import { Runs } from "@nonconvex/store/Runs"
import { Effect, Layer, Option, Path } from "effect"
import { Misfit, RunFailed } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import * as ProgramCompute from "../program/ProgramCompute.ts"
import * as Machines from "../worker/Machines.ts"
import * as CheckStudy from "./CheckStudy.ts"
import * as RegistrationProof from "./RegistrationProof.ts"
import * as RunStudy from "./RunStudy.ts"
import * as StoredResult from "./StoredResult.ts"
import * as Study from "./Study.ts"
import type { Input } from "./StudyFlags.ts"
import * as StudyReport from "./StudyReport.ts"

/** Runs a study, writes its result, and reports its findings. */
export const run = Effect.fnUntraced(
  function* (asked: Study.Study, { fresh, full, kernels, out }: Input) {
    const path = yield* Path.Path
    const study = full ? yield* Study.atFullSize(asked) : asked
    const registration = yield* RegistrationProof.registration(study, full ? "full" : "sweep")
    const place = out ?? path.join(study.folder, Study.files.result)
    const kept = Option.map(yield* Effect.serviceOption(Runs), ({ place: store }) => store)
    const file = yield* Folder.stageFile(place, Option.toArray(kept))
    const stored = yield* RunStudy.run(study, registration, { fresh, kernels })
    const report = yield* StudyReport.of(yield* Study.fitted(study, stored))
    yield* file.write(yield* Effect.promise(() => StoredResult.encode(stored)))
    return report
  },
  Effect.scoped,
  (work, _, input) =>
    Effect.provide(work, Layer.merge(ProgramCompute.layer(input), Machines.storing(input))),
)

/** Describes the difference in a line. */
const difference = ({ first, sameCode, study }: CheckStudy.Checked): string => {
  const { found, kept, place, trial } = first!
  const code = sameCode
    ? "the version of the code is the same"
    : "the version of the code is different, which may be the reason"
  return `${study} differs: trial ${trial}${place === "" ? "" : `, ${place}`}: ${kept} is stored, ${found} was recomputed; ${code}`
}

/** Recomputes some trials of a study, and compares them with the stored ones bit for bit. */
export const check = Effect.fnUntraced(function* (study: Study.Study, count: number, input: Input) {
  const { json, seed } = input
  const finished = yield* Study.finished(study)
  if (finished === undefined) {
    return yield* new Misfit({ flag: "check", needs: "a result; compute it with --run" })
  }
  const { kernels } = finished.stored.provenance
  const checked = yield* CheckStudy.check(finished, { count, seed }).pipe(
    Effect.provide(ProgramCompute.layer({ ...input, kernels })),
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
