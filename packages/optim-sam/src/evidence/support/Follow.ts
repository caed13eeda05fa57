import { Expectation } from "@nonconvex/evidence"
import { Diverged } from "@nonconvex/problems/Diverged"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { type Contender, label } from "./Contender.ts"

/** A point on a trajectory that is recorded; of a step at which the method diverged, what was measured last before it. */
export type Recorded<Measured> = Measured & { readonly step: number; readonly diverged: boolean }

/**
 * Measures the trajectory of a method at every `every` steps and at the end. Divergence is the last record and no failure:
 * it is what the paper's figures are about. A loss beyond `ceiling` (default 1e6) counts as divergence.
 */
export const follow = <Measured extends object>(
  method: Method,
  objective: Objective,
  start: Float64Array,
  options: {
    readonly steps: number
    readonly every: number
    readonly ceiling?: number
    readonly measure: (point: Float64Array) => Measured
  },
): ReadonlyArray<Recorded<Measured>> => {
  const { ceiling = 1e6, measure } = options
  const records: Array<Recorded<Measured>> = []
  let measured = measure(start)
  try {
    for (const { loss, state, step } of trajectory(method, objective, start, options)) {
      measured = measure(state.point)
      const diverged = loss > ceiling
      records.push({ step, ...measured, diverged })
      if (diverged) break
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error
    records.push({ step: error.step, ...measured, diverged: true })
  }
  return records
}

/** No method diverged, where none should. */
export const survival = (
  rows: ReadonlyArray<{
    readonly kind: Contender["method"]
    readonly radius: number
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
        : lost
            .map(({ kind, radius, step }) => `${label({ method: kind, radius })} at ${step}`)
            .join(", ")
    },
    "none",
  )
