import { advance } from "@nonconvex/problems/Advance"
import {
  labelNoiseSgd,
  type LabelNoiseSgdOptions,
  requireRunning,
} from "../../descent/LabelNoiseSgd.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"

/**
 * Records `measure` on the parameters of label-noise SGD from `theta`, at the start and at `records` evenly spaced steps.
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
  const method = labelNoiseSgd(options)
  const state = method.init(network, theta)
  return Array.from({ length: records + 1 }, (_, k) => {
    advance(method, [state], Math.round((k * steps) / records) - state.steps, {
      kernels: network.kernels,
    })
    requireRunning(state, options)
    return measure(state.point, state.steps)
  })
}
