import {
  solve as solveProblem,
  solveExactly,
  system,
} from "@nonconvex/reproducible-minimax/operations"
import { operate } from "@nonconvex/runner/Operations"
import { Effect } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import { margin } from "../../cli/TextTable.ts"
import * as SavedTable from "../../files/SavedTable.ts"
import * as ExactReport from "./ExactReport.ts"
import * as SolveInput from "./SolveInput.ts"
import * as SolveReport from "./SolveReport.ts"
import type { Input } from "./SolveFlags.ts"

/** Solves the problem in a file, as a job. */
export const solve = Effect.fn("solve")(function* (input: Input) {
  const { deviation, failure, file, gap, kernels, kind, precision, radius, seed } = input
  const { header, rowNames } = input
  const spelling = { ...input.spelling, header, rowNames }
  const loaded = yield* SolveInput.load({ path: file, kind, spelling, radius })
  // how many steps there may be is known when the job has read its problem; 0 is an unknown total
  const work = { label: "solve", total: 0, unit: "steps" }
  const answer = yield* Progress.track(work, ({ done, note }) =>
    operate(
      system,
      solveProblem,
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
    ).pipe(
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
  const report = SolveReport.make({ answer, failure, kernels, loaded, products: precision })
  return { report, format: loaded.format }
}, reported)

/** Finds a flag that contradicts exact arithmetic. */
const misfit = ({ deviation, gap, kind, precision }: Input): Misfit | undefined => {
  const needs = [
    kind === "game" ? undefined : "a game (--as game, or no --as)",
    gap === undefined ? undefined : "no --gap, since it is 0",
    deviation === undefined ? undefined : "no --deviation: fractions are not rounded",
    precision === "float64" ? undefined : "no --products: fractions are not rounded",
  ].find((each) => each !== undefined)
  return needs === undefined ? undefined : new Misfit({ flag: "exact", needs })
}

/** Equilibrium in fractions, as a job. */
const exactly = Effect.fn("solve.exactly")(function* (input: Input) {
  const { failure, file: path, header, kernels, radius, rowNames, seed } = input
  const wrong = misfit(input)
  if (wrong !== undefined) return yield* wrong
  const spelling = { ...input.spelling, header, rowNames }
  const loaded = yield* SolveInput.load({ path, kind: "game", spelling, radius })
  const { problem } = loaded
  if (problem._tag !== "MatrixGame")
    return yield* Effect.die("a file read as a game cannot have it")
  const { columns, payoffs, rows } = problem
  // first steps of an interior point, then exchanges and digits of fractions: how many is known as they begin
  const work = { label: "solve", total: 0, unit: "steps" }
  const found = yield* Progress.track(work, (meter) =>
    operate(
      system,
      solveExactly,
      { payoffs, rows, columns, failure, seed },
      ({ done, most, stage }) => {
        work.total = most
        work.unit = stage
        meter.done(done)
      },
    ).pipe(
      // fewer digits than suffice in any case
      Effect.tap(() => Effect.sync(() => meter.done(work.total))),
    ),
  )
  return { report: ExactReport.make({ loaded, found, kernels }), format: loaded.format }
})

export const handle = Effect.fn("solve")(
  function* (input: Input) {
    const { exact, file, json, save } = input
    const saved =
      save === undefined ? undefined : yield* SavedTable.stage(save, [file], { texts: true })
    if (exact) {
      const { format, report } = yield* exactly(input)
      if (saved !== undefined) yield* SavedTable.write(saved, format, ExactReport.table(report))
      return yield* json
        ? Output.json(ExactReport.ExactReport, report)
        : Output.text(ExactReport.render(report))
    }
    const { format, report } = yield* solve(input)
    if (saved !== undefined) yield* SavedTable.write(saved, format, SolveReport.table(report))
    yield* json
      ? Output.json(SolveReport.SolveReport, report)
      : Output.text(SolveReport.render(report))
  },
  Effect.scoped,
  (work, { kernels }) => Effect.provide(work, Capabilities.layer({ kernels })),
  reported,
)
