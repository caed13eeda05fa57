import { Effect, Stream } from "effect"
import { DivergedInTransient } from "../../descent/DivergedInTransient.ts"
import {
  labelNoise,
  type LabelNoiseSgdOptions,
  parametersOf,
  stabilityLimit,
  stepLabelNoise,
} from "../../descent/LabelNoiseSgd.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"

/** Steps between two looks at the scheduler: about 10 ms. */
const slice = 20_000

/** What `measure` finds in the parameters of label-noise SGD from `theta`, at the start and at `records` more steps, evenly spread. */
export const record = <A>(
  network: TwoLayer,
  theta: Float64Array,
  options: LabelNoiseSgdOptions & { readonly steps: number; readonly records: number },
  measure: (theta: Float64Array, step: number) => A,
): Stream.Stream<A, DivergedInTransient> =>
  Stream.unwrap(
    Effect.sync(() => {
      const { learningRate, records, steps } = options
      const state = labelNoise(network, theta, options)
      const advance = Effect.fnUntraced(function* (goal: number) {
        while (state.steps < goal) {
          const stop = Math.min(goal, state.steps + slice)
          while (state.steps < stop && state.status === "running") stepLabelNoise(state)
          if (state.status === "diverged") {
            return yield* new DivergedInTransient({
              step: state.steps,
              learningRate,
              stabilityLimit: stabilityLimit(network, theta, state.options),
            })
          }
          yield* Effect.yieldNow
        }
        return measure(parametersOf(state), state.steps)
      })
      const goals = Array.from({ length: records + 1 }, (_, k) => Math.round((k * steps) / records))
      return Stream.fromIterable(goals).pipe(Stream.mapEffect(advance))
    }),
  )
