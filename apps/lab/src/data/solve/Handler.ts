import { ReproducibleMinimax } from "@nonconvex/reproducible-minimax/evidence"
import { Console, Effect, Layer } from "effect"
import * as Capable from "../../cli/Capable.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import { margin } from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import * as SolveInput from "./SolveInput.ts"
import * as SolveReport from "./SolveReport.ts"
import type { Input } from "./Solve.ts"

/** What is found of a file, as a job of the service. */
export const solve = Effect.fn("solve")(function* (input: Input) {
  const { deviation, failure, file, gap, kernels, kind, precision, radius, seed } = input
  const { header, rowNames } = input
  const spelling = { ...input.spelling, header, rowNames }
  const loaded = yield* SolveInput.load({ path: file, kind, spelling, radius })
  const service = yield* ReproducibleMinimax
  // how many steps there may be is known when the job has read its problem; 0 is an unknown total
  const work = { label: "solve", total: 0, unit: "steps" }
  const answer = yield* Progress.track(work, ({ done, note }) =>
    service
      .solve(
        {
          problem: loaded.problem,
          ...(gap !== undefined && { gap }),
          ...(deviation !== undefined && { deviation }),
          failure,
          precision,
          seed,
        },
        ({ expected, residual, steps, target }) => {
          work.total = expected
          done(steps)
          note(`residual ${margin(residual)}, certified at ${margin(target)}`)
        },
      )
      .pipe(
        Effect.tap(({ certified: { distance, steps }, plan }) =>
          Effect.sync(() => {
            work.total = steps
            done(steps)
            note(`residual ${margin(distance)}, certified at ${margin(plan.distance)}`)
          }),
        ),
      ),
  ).pipe(
    Effect.catchTag("UnsuitableProblem", ({ reason }) =>
      Effect.fail(
        // without the name of the function that refused it
        new SolveInput.UnsuitableFile({ path: file, reason: reason.replace(/^\w+: /, "") }),
      ),
    ),
  )
  return SolveReport.make({ answer, failure, kernels, loaded, products: precision })
})

export const handle = Effect.fn("solve")(
  function* (input: Input) {
    const { file, save } = input
    const staged = save === undefined ? undefined : yield* Folder.stageFile(save, [file])
    const report = yield* solve(input)
    if (staged !== undefined) yield* staged.write(SolveReport.csv(report))
    yield* input.json
      ? Output.json(SolveReport.SolveReport, report)
      : Console.log(SolveReport.render(report))
  },
  Effect.scoped,
  (work, { kernels }) =>
    Effect.provide(work, Layer.provide(ReproducibleMinimax.layer, Capable.layer({ kernels }))),
)
