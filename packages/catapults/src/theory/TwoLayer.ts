/**
 * Closed forms of the two-layer ReLU network without biases, a test oracle of the general network.
 *
 * `Z = X W' / sqrt(d)`, `H = max(Z, 0)`, `D = 1[Z > 0] a` by rows, `S = X X'`. Source: derived here.
 */
import * as Require from "@nonconvex/numerics/Require"

/** A network of `width` neurons on `size` samples of `inputs` numbers; all matrices row-major. */
export interface TwoLayerNetwork {
  readonly inputs: number
  readonly width: number
  /** `width` x `inputs`. */
  readonly first: Float64Array
  readonly second: Float64Array
  readonly features: Float64Array
}

interface Forward {
  readonly size: number
  readonly hidden: Float64Array
  /** `1[Z > 0] a`. */
  readonly gated: Float64Array
}

const forward = ({ features, first, inputs, second, width }: TwoLayerNetwork): Forward => {
  const size = features.length / inputs
  Require.length("TwoLayer", "first", first.length, width * inputs)
  Require.length("TwoLayer", "second", second.length, width)
  const hidden = new Float64Array(size * width)
  const gated = new Float64Array(size * width)
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < width; i++) {
      let z = 0
      for (let j = 0; j < inputs; j++) z += first[i * inputs + j]! * features[k * inputs + j]!
      if (z <= 0) continue
      hidden[k * width + i] = z / Math.sqrt(inputs)
      gated[k * width + i] = second[i]!
    }
  }
  return { size, hidden, gated }
}

/** `H a / sqrt(m)`. */
export const predictions = (network: TwoLayerNetwork): Float64Array => {
  const { second, width } = network
  const { hidden, size } = forward(network)
  return Float64Array.from({ length: size }, (_, k) => {
    let sum = 0
    for (let i = 0; i < width; i++) sum += hidden[k * width + i]! * second[i]!
    return sum / Math.sqrt(width)
  })
}

const dotRows = (a: Float64Array, k: number, l: number, width: number): number => {
  let sum = 0
  for (let i = 0; i < width; i++) sum += a[k * width + i]! * a[l * width + i]!
  return sum
}

/** `K = (H H' + (D D') * S / d) / m`, entry by entry. */
export const tangentKernel = (network: TwoLayerNetwork): Float64Array => {
  const { features, inputs, width } = network
  const { gated, hidden, size } = forward(network)
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [k, l] = [Math.floor(at / size), at % size]
    const inner = dotRows(features, k, l, inputs) / inputs
    return (dotRows(hidden, k, l, width) + dotRows(gated, k, l, width) * inner) / width
  })
}

/** The gradients of `sum_k q_k f_k`: `H' q / sqrt(m)` in the second layer, `(D q)' X / sqrt(m d)` in the first. */
export const pullback = (
  network: TwoLayerNetwork,
  q: Float64Array,
): { readonly first: Float64Array; readonly second: Float64Array } => {
  const { features, inputs, width } = network
  const { gated, hidden, size } = forward(network)
  const first = new Float64Array(width * inputs)
  const second = new Float64Array(width)
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < width; i++) {
      second[i]! += (hidden[k * width + i]! * q[k]!) / Math.sqrt(width)
      const factor = (gated[k * width + i]! * q[k]!) / Math.sqrt(width * inputs)
      for (let j = 0; j < inputs; j++) first[i * inputs + j]! += factor * features[k * inputs + j]!
    }
  }
  return { first, second }
}
