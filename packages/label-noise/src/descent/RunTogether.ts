/** Several runs of one descent at once: they share the vectors of the processor. */
import { slopeOfCubic } from "../network/Activation.ts"
import { allOrNone, compiledFrom, type NoisyDescent } from "./NoisyDescent.ts"

/**
 * Takes steps of several descents, each with noise of its own, as if by `run` of each: on all data in their order, with n numbers of noise a step, or on the data of each in
 * `indices`. Together where the descents are of one network in its pre-activations, and see all data or one datum a step. Returns false, and all stay where they are, if a
 * residual of one of them is not finite.
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
  indices?: ReadonlyArray<Uint32Array>,
): boolean => {
  const [first] = descents
  if (first === undefined) return true
  const { network } = first
  const { activation, gram, neurons: m, size: n } = network
  const slope = slopeOfCubic(activation)
  const isSmall = indices === undefined ? n * n * m < compiledFrom : first.batch === 1
  const runs = descents.flatMap(({ batch, form, network: own, position }, r) => {
    const { coefficients, z } = position
    const isAlike = form === "preactivations" && own === network && batch === first.batch
    if (!isAlike || z === undefined || coefficients === undefined) return []
    const given = { epsilon: epsilon[r]!, z, coefficients }
    return [indices === undefined ? given : { ...given, indices: indices[r]! }]
  })
  const arrays = descents.flatMap(({ position }) =>
    Object.values(position).filter((array) => array !== position.start),
  )
  const steps = epsilon[0]!.length / (indices === undefined ? n : first.batch)
  const together = () =>
    slope !== undefined && isSmall && runs.length === descents.length
      ? network.kernels.noisyTogether({ ...network, slope, rate }, gram, runs)
      : undefined
  const alone = () => {
    const inOrder = Uint32Array.from({ length: indices ? 0 : n * steps }, (_, k) => k % n)
    const each = (descent: NoisyDescent, r: number) =>
      descent.run(indices?.[r] ?? inOrder, epsilon[r]!, rate)
    return descents.every(each) ? steps : -1
  }
  return allOrNone(steps, arrays, () => together() ?? alone())
}
