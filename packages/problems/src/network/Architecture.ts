import { requireCount } from "../Input.ts"
import type { Activation } from "./Activation.ts"

/** Where the parameters of one layer lie in the flat vector of all. */
export interface Layer {
  readonly inputs: number
  readonly outputs: number
  /** Offset of the weights: row-major, `outputs` rows of length `inputs`. */
  readonly weights: number
  /** Offset of the biases, which follow the weights; undefined in a network without biases. */
  readonly bias: number | undefined
}

/** A fully connected network: layers of weights with the activation between them and none after the last. */
export interface Architecture {
  readonly widths: ReadonlyArray<number>
  readonly activation: Activation
  readonly layers: ReadonlyArray<Layer>
  /** The number of parameters. */
  readonly dimension: number
}

/**
 * The architecture with the given widths from input to output, with biases unless `bias` is false.
 *
 * The parameters lie layer after layer, weights before biases. Throws InvalidInput on fewer than two widths and on widths that
 * are not positive integers.
 */
export const make = (options: {
  readonly widths: ReadonlyArray<number>
  readonly activation: Activation
  readonly bias?: boolean
}): Architecture => {
  const { activation, bias = true, widths } = options
  requireCount("Architecture.make", "widths.length", widths.length, 2)
  for (const width of widths) requireCount("Architecture.make", "width", width)
  let dimension = 0
  const layers = widths.slice(1).map((outputs, l): Layer => {
    const inputs = widths[l]!
    const weights = dimension
    dimension += outputs * inputs
    if (!bias) return { inputs, outputs, weights, bias: undefined }
    const offset = dimension
    dimension += outputs
    return { inputs, outputs, weights, bias: offset }
  })
  return { widths: [...widths], activation, layers, dimension }
}

/** The weights of a layer as a view of the parameters `x`: row-major, `outputs` x `inputs`. */
export const weights = (layer: Layer, x: Float64Array): Float64Array =>
  x.subarray(layer.weights, layer.weights + layer.outputs * layer.inputs)

/** The biases of a layer as a view of the parameters `x`; empty in a network without biases. */
export const biases = (layer: Layer, x: Float64Array): Float64Array =>
  layer.bias === undefined ? x.subarray(0, 0) : x.subarray(layer.bias, layer.bias + layer.outputs)
