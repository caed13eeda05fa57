import { descend, type Method, type Objective } from "@nonconvex/problems"
import { Stream } from "effect"

/** A point on a trajectory that is recorded, or the step at which the method diverged. */
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
): Stream.Stream<Recorded<Measured>> => {
  const ceiling = options.ceiling ?? 1e6
  return descend(method, objective, start, options).pipe(
    Stream.map(({ loss, state, step }) => ({
      step,
      measured: options.measure(state.point),
      diverged: loss > ceiling,
    })),
    Stream.catchTag("Diverged", ({ step }) =>
      Stream.succeed({ step, measured: options.measure(start), diverged: true }),
    ),
    Stream.takeUntil(({ diverged }) => diverged),
  )
}
