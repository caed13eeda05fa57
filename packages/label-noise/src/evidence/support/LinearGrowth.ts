import * as Vector from "@nonconvex/numerics/Vector"
import { takeStep } from "../../descent/NoisyDescent.ts"
import { addGradients, preactivations, type TwoLayer } from "../../network/TwoLayer.ts"

/** A length so small that a step is linear in it. */
export const small = 1e-6

/** The sum of the gradients of the outputs with the given weights, normalised. */
export const direction = (
  network: TwoLayer,
  theta: Float64Array,
  weights: Float64Array,
): Float64Array => {
  const slopes = preactivations(network, theta).map(network.activation.first)
  const sum = new Float64Array(theta.length)
  addGradients(network, slopes, weights, sum)
  Vector.scale(1 / Vector.norm(sum), sum)
  return sum
}

/** Growth factor of a small displacement in its own direction, by a step without noise on the data `indices`. */
export const growth = (
  network: TwoLayer,
  theta: Float64Array,
  along: Float64Array,
  indices: ReadonlyArray<number>,
  rate: number,
): number => {
  const moved = theta.map((value, k) => value + small * along[k]!)
  takeStep(network, moved, Uint32Array.from(indices), new Float64Array(indices.length), rate)
  return moved.reduce((sum, value, k) => sum + (value - theta[k]!) * along[k]!, 0) / small
}

export const unit = (length: number, at: number) =>
  Float64Array.from({ length }, (_, i) => (i === at ? 1 : 0))
