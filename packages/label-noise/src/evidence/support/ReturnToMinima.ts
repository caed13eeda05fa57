/**
 * Drift of label noise along the minima, without sampled noise.
 *
 * To second order in the noise, errors of different steps and data do not interact, and without noise a minimum stays fixed. So
 * the mean displacement of a step is that of one noisy label, averaged over its two signs. Afterwards gradient descent without
 * noise, at the same learning rate, returns to the minima.
 */
import { Draw } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { NoisyDescent } from "../../descent/NoisyDescent.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { type Expanded, randomNetwork } from "./RandomNetwork.ts"

export const instancesWith = (product: readonly [number, number]) =>
  Draw.record({
    problem: Draw.integer(1, 3).chain((size) => randomNetwork({ size, share: 0.4 })),
    convention: Draw.oneOf("half", "mean"),
    /** Learning rate times the largest eigenvalue of the Hessian. */
    product: Draw.linear(...product),
  })

export type Instance = Draw.Drawn<ReturnType<typeof instancesWith>>

export const spectrumOf = ({ network, theta }: Expanded) => {
  const geometry = new Geometry(network).atParameters(theta)
  return { geometry, ...geometry.tangentEigen() }
}

/** Standard deviation of the label noise; measurements use one label perturbed by a unit, and are multiplied by its square. */
export const noise = 0.7

/** The setting of an instance. */
export const settingOf = (expanded: Expanded, { convention, product }: Instance) => {
  const { values } = spectrumOf(expanded)
  const { size } = expanded.network
  const top = (Theory.gradientFactor(convention) * values.at(-1)!) / size
  return { convention, learningRate: product / top, noise, batch: size, size } as const
}

/** Displacement of the parameters by a noisy label. */
export const displacement = 3e-4

/** Steps in which the distance from the minima shrinks by 10^13. */
export const stepsToReturn = (values: Float64Array, product: number): number => {
  const slowest = Math.max(1 - (product * values[0]!) / values.at(-1)!, Math.abs(1 - product))
  // at a product of 1 the steepest direction returns at once, to first order
  return Math.max(20, Math.ceil(Elementary.log(1e-13) / Elementary.log(slowest)))
}

/**
 * Gradient descent whose first step has one label perturbed by `size`, and later steps none; `visit` is called after each step.
 */
export const returns = (
  descent: NoisyDescent,
  error: { readonly datum: number; readonly size: number },
  rate: number,
  steps: number,
  visit: () => void = () => undefined,
): Float64Array => {
  const n = descent.network.size
  const all = Uint32Array.from({ length: n }, (_, i) => i)
  const epsilon = new Float64Array(n)
  epsilon[error.datum] = error.size
  for (let k = 0; k < steps; k++) {
    descent.step(all, epsilon, rate)
    epsilon.fill(0)
    visit()
  }
  return descent.computeParameters()
}
