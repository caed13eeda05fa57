import {
  advanceLabelNoise,
  labelNoise,
  type LabelNoiseSgdOptions,
  parametersOf,
} from "../../descent/LabelNoiseSgd.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"

/**
 * What `measure` finds in the parameters of label-noise SGD from `theta`, at the start and at `records` more steps, evenly spread.
 *
 * Throws DivergedInTransient.
 */
export const record = <A>(
  network: TwoLayer,
  theta: Float64Array,
  options: LabelNoiseSgdOptions & { readonly steps: number; readonly records: number },
  measure: (theta: Float64Array, step: number) => A,
): ReadonlyArray<A> => {
  const { records, steps } = options
  const state = labelNoise(network, theta, options)
  return Array.from({ length: records + 1 }, (_, k) => {
    advanceLabelNoise(state, Math.round((k * steps) / records))
    return measure(parametersOf(state), state.steps)
  })
}
