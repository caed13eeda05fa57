import { takeStep } from "../../descent/NoisyDescent.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { outputs, type TwoLayer } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"

/** `sum_i r_i w_i sum_j phi''(z_ij)`: the trace minus the sharpness. */
export const correctionAt = (network: TwoLayer, geometry: Geometry, theta: Float64Array): number =>
  outputs(network, theta).reduce((sum, f, i) => {
    const { neurons } = network
    const row = geometry.q.subarray(i * neurons, (i + 1) * neurons)
    const curvature = row.reduce((total, q) => total + q, 0)
    return sum + (f - network.labels[i]!) * network.weights[i]! * curvature
  }, 0)

/** The trace by central differences of the gradient, taken from a step with all data. */
export const differencedTrace = (
  network: TwoLayer,
  theta: Float64Array,
  convention: Theory.Convention,
): number => {
  const h = 1e-6
  const all = Uint32Array.from({ length: network.size }, (_, i) => i)
  const silence = new Float64Array(network.size)
  const moved = new Float64Array(theta.length)
  const descentAt = (k: number, shift: number): number => {
    moved.set(theta)
    moved[k]! += shift
    const before = moved[k]!
    takeStep(network, moved, all, silence, Theory.gradientFactor(convention))
    return before - moved[k]!
  }
  let trace = 0
  for (let k = 0; k < theta.length; k++) trace += (descentAt(k, h) - descentAt(k, -h)) / (2 * h)
  return trace
}
