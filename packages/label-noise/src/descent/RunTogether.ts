/** Several runs of one descent at once: they share the vectors of the processor. */
import { slopeOfCubic } from "../network/Activation.ts"
import { allOrNone, compiledFrom, type NoisyDescent } from "./NoisyDescent.ts"

/**
 * Takes steps of several descents on all data in their order, each with noise of its own: as many as there are numbers of noise for, n a step, as if by `run` of each.
 * Together where the descents are of one network in its pre-activations. Returns false, and all stay where they are, if a residual of one of them is not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, noisyDescent, runTogether, twoLayerThrough } from "@nonconvex/label-noise"
 *
 * const theta = Float64Array.of(2)
 * const data = { features: Float64Array.of(1), dimension: 1, neurons: 1 }
 * const network = twoLayerThrough(theta, { activation: Activation.cubic(0), ...data })
 * const descents = [noisyDescent(network, theta, 1), noisyDescent(network, theta, 1)]
 * // the label 8 reads 9 and 7, and the slope is 12
 * runTogether(descents, [Float64Array.of(1), Float64Array.of(-1)], 0.01) // => true
 * descents.map((descent) => descent.computeParameters()[0]!) // ≈ [2.120, 1.880]
 * ```
 */
export const runTogether = (
  descents: ReadonlyArray<NoisyDescent>,
  epsilon: ReadonlyArray<Float64Array>,
  rate: number,
): boolean => {
  const [first] = descents
  if (first === undefined) return true
  const { network } = first
  const { activation, gram, neurons: m, size: n } = network
  const slope = n * n * m < compiledFrom ? slopeOfCubic(activation) : undefined
  const runs = descents.flatMap(({ form, network: own, position: { coefficients, z } }, r) =>
    form === "preactivations" && own === network && z !== undefined && coefficients !== undefined
      ? [{ epsilon: epsilon[r]!, z, coefficients }]
      : [],
  )
  const arrays = descents.flatMap(({ position }) =>
    Object.values(position).filter((array) => array !== position.start),
  )
  const steps = epsilon[0]!.length / n
  return allOrNone(steps, arrays, () => {
    if (slope !== undefined && runs.length === descents.length)
      return network.kernels.noisyTogether({ ...network, slope, rate }, gram, runs)
    const indices = Uint32Array.from({ length: n * steps }, (_, k) => k % n)
    return descents.every((descent, r) => descent.run(indices, epsilon[r]!, rate)) ? steps : -1
  })
}
