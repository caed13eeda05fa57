import { Expectation } from "@nonconvex/evidence"
import { descend } from "@nonconvex/problems/Descent"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { Stream } from "effect"

/** A point on a trajectory that is recorded; of a step at which the method diverged, what was measured last before it. */
export interface Recorded<Measured> {
  readonly step: number
  readonly measured: Measured
  readonly diverged: boolean
}

/**
 * Measures the trajectory of a method at every `every` steps and at the end. Divergence is the last record and no failure:
 * it is what the paper's figures are about. A loss beyond `ceiling` counts as divergence.
 */
export const follow = <Measured>(
  method: Method,
  objective: Objective,
  start: Float64Array,
  options: {
    readonly steps: number
    readonly every: number
    readonly ceiling?: number
    readonly measure: (point: Float64Array) => Measured
  },
): Stream.Stream<Recorded<Measured>> =>
  Stream.suspend(() => {
    const ceiling = options.ceiling ?? 1e6
    let measured = options.measure(start)
    return descend(method, objective, start, options).pipe(
      Stream.map(({ loss, state, step }) => {
        measured = options.measure(state.point)
        return { step, measured, diverged: loss > ceiling }
      }),
      Stream.catchTag("Diverged", ({ step }) => Stream.succeed({ step, measured, diverged: true })),
      Stream.takeUntil(({ diverged }) => diverged),
    )
  })

/** No method diverged, where none should. */
export const survival = (
  rows: ReadonlyArray<{
    readonly method: string
    readonly step: number
    readonly diverged: boolean
  }>,
): Expectation.Expectation => {
  const lost = rows
    .filter(({ diverged }) => diverged)
    .map(({ method, step }) => `${method} at ${step}`)
  return Expectation.that(
    "no method diverges",
    lost.length === 0,
    lost.length === 0 ? "none" : lost.join(", "),
    "none",
  )
}
