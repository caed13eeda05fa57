/**
 * Fully connected networks in the NTK parametrisation, and their starts.
 *
 * Source: Zhu et al. 2024 use the parametrisation throughout without defining it (as recalled). The form here is that
 * of the companion papers. Weights are standard normal, and each layer divides by the root of its fan-in, `z = W h /
 * sqrt(fan-in) [+ b]`.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { invalid } from "@nonconvex/numerics/InvalidInput"

export interface NtkLayer {
  readonly inputs: number
  readonly outputs: number
  /** Offset of the weights, row-major `outputs` x `inputs`. */
  readonly weights: number
  /** Offset of the biases; absent if there are none. */
  readonly bias: number | undefined
  /** 1 / sqrt(inputs). */
  readonly scale: number
}

/**
 * Fully connected network from `widths[0]` inputs to one output; parameters are stored layer by layer, weights before
 * biases.
 */
export interface NtkArchitecture {
  readonly name: string
  readonly widths: ReadonlyArray<number>
  readonly activation: Kernels.Activation
  readonly bias: boolean
  readonly layers: ReadonlyArray<NtkLayer>
  /** The number of layers with weights. */
  readonly depth: number
  readonly dimension: number
}

/**
 * Architecture with the given widths, from the inputs to the last hidden layer, and one output. Throws InvalidInput if
 * there are no widths, or if one is not a positive integer.
 */
export const ntkArchitecture = (options: {
  readonly widths: readonly [inputs: number, ...hidden: ReadonlyArray<number>]
  /** Activation of every hidden layer; default "relu". */
  readonly activation?: Kernels.Activation
  /** Default false: only without biases the network is homogeneous. */
  readonly bias?: boolean
}): NtkArchitecture => {
  const { activation = "relu", bias = false } = options
  Require.object("ntkArchitecture", "widths", options.widths)
  for (const width of options.widths) Require.count("ntkArchitecture", "width", width)
  if (options.widths.length === 0)
    invalid("ntkArchitecture", "there must be a width", { widths: 0 })
  const widths = [...options.widths, 1]
  let offset = 0
  const layers = widths.slice(1).map((outputs, l): NtkLayer => {
    const inputs = widths[l]!
    const weights = offset
    offset += outputs * inputs
    const at = bias ? offset : undefined
    if (bias) offset += outputs
    return { inputs, outputs, weights, bias: at, scale: 1 / Math.sqrt(inputs) }
  })
  return {
    name: `${widths.join("-")}, ${activation}${bias ? ", biases" : ""}`,
    widths,
    activation,
    bias,
    layers,
    depth: layers.length,
    dimension: offset,
  }
}

/** Standard normal weights and biases: the start of the paper (as recalled). */
export const normalStart = (architecture: NtkArchitecture, seed: Seed.Seed): Float64Array =>
  RandomStream.make(seed).normals(architecture.dimension)

/** Normal weights, and signs in the last layer: the start of Zhu et al. 2022 (as printed). */
export const signedStart = (architecture: NtkArchitecture, seed: Seed.Seed): Float64Array => {
  const parameters = normalStart(architecture, seed.child("weights"))
  const { inputs, weights } = architecture.layers.at(-1)!
  RandomStream.make(seed.child("signs")).fillRademacher(
    parameters.subarray(weights, weights + inputs),
  )
  return parameters
}
