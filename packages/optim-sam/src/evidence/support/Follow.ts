import { Expectation } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { Diverged } from "@nonconvex/problems/Diverged"
import type { Objective } from "@nonconvex/problems/Objective"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Schema } from "effect"
import * as Contenders from "./Contender.ts"

/** The columns of a point on the trajectory of a contender, with its measurements. */
export const columns = <Measured extends Schema.Struct.Fields>(measured: Measured) => ({
  ...Contenders.columns,
  step: Schema.Int,
  ...measured,
  diverged: Schema.Boolean,
})

/**
 * Measures the trajectory of a contender about `records` times at equal distances, and at the end. A divergence becomes the
 * last record, with the previous measurements; it is not an error, since the paper's figures show it. A loss beyond
 * `ceiling` (default 1e6) counts as divergence.
 */
export const follow = <Measured extends object>(
  contender: Contenders.Contender,
  objective: Objective,
  start: Float64Array,
  options: {
    readonly learningRate: number
    readonly steps: number
    readonly records: number
    readonly ceiling?: number
    readonly measure: (point: Float64Array) => Measured
    /** Kernels for the steps between two records, if the method supports them. */
    readonly kernels?: Kernels
  },
) => {
  const { ceiling = 1e6, kernels, learningRate, measure, records, steps } = options
  const found: Array<ReturnType<typeof recorded>> = []
  const recorded = (step: number, measured: Measured, diverged: boolean) => ({
    ...Contenders.columnsOf(contender),
    step,
    ...measured,
    diverged,
  })
  const every = Math.max(1, Math.round(steps / records))
  let measured = measure(start)
  try {
    const method = Contenders.methodOf(contender, learningRate)
    for (const { loss, state, step } of trajectory(method, objective, start, {
      steps,
      every,
      ...(kernels && { kernels }),
    })) {
      measured = measure(state.point)
      const diverged = loss > ceiling
      found.push(recorded(step, measured, diverged))
      if (diverged) break
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error
    found.push(recorded(error.step, measured, true))
  }
  return found
}

/** Rows of each series up to and including the first that is not `within` a picture. */
export const untilOutside = <Row extends { readonly method: string }>(
  rows: ReadonlyArray<Row>,
  within: (row: Row) => boolean,
  seriesOf: (row: Row) => string = ({ method }) => method,
): ReadonlyArray<Row> => {
  const left = new Set<string>()
  return rows.filter((row) => {
    const isShown = !left.has(seriesOf(row))
    if (!within(row)) left.add(seriesOf(row))
    return isShown
  })
}

/** Tests that no method diverged where none should. */
export const survival = (
  rows: ReadonlyArray<{
    readonly method: string
    readonly step: number
    readonly diverged: boolean
  }>,
): Expectation.Expectation =>
  Expectation.every(
    "no method diverges",
    rows,
    ({ diverged }) => !diverged,
    () => {
      const lost = rows.filter(({ diverged }) => diverged)
      return lost.length === 0
        ? "none"
        : lost.map(({ method, step }) => `${method} at ${step}`).join(", ")
    },
    "none",
    Expectation.uncontrolled("only runs that end are compared"),
  )
