/**
 * Starting points of a network. Each layer draws from its own child of the seed. Biases start at 0 (except in `scattered`),
 * shifts at 0, and scales at 1.
 */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { scales } from "../internal/network/Placement.ts"
import { type Architecture, biases, weights } from "./Architecture.ts"
import type { Layer } from "../internal/network/Nodes.ts"

const fill = (
  architecture: Architecture,
  seed: Seed.Seed,
  draw: (layer: Layer, stream: RandomStream.RandomStream, out: Float64Array) => void,
): Float64Array => {
  Require.seed("Initialisation", "seed", seed)
  const x = new Float64Array(architecture.dimension)
  architecture.layers.forEach((layer, l) =>
    draw(layer, RandomStream.make(seed.child("layer").child(l)), weights(layer, x)),
  )
  for (const normalisation of architecture.normalisations) scales(normalisation, x).fill(1)
  return x
}

/**
 * Normal weights with the given standard deviation, one for all layers or a function of the layer. Throws InvalidInput unless it is at least 0 and finite.
 */
export const normal = (
  architecture: Architecture,
  seed: Seed.Seed,
  deviation: number | ((layer: Layer) => number),
): Float64Array =>
  fill(architecture, seed, (layer, stream, out) => {
    const scale = typeof deviation === "number" ? deviation : deviation(layer)
    Require.nonNegative("Initialisation.normal", "deviation", scale)
    stream.fillNormal(out)
    for (let i = 0; i < out.length; i++) out[i]! *= scale
  })

/** Normal weights of variance `2 / inputs`, which keeps the scale of ReLU layers (He, Zhang, Ren, Sun 2015). */
export const he = (architecture: Architecture, seed: Seed.Seed): Float64Array =>
  normal(architecture, seed, (layer) => Math.sqrt(2 / layer.inputs))

/**
 * Weights uniform with variance `2 / (inputs + outputs)`, for tanh and linear layers (Glorot, Bengio 2010, eq. 16); a
 * convolution's window counts at both ends.
 */
export const glorot = (architecture: Architecture, seed: Seed.Seed): Float64Array =>
  fill(architecture, seed, (layer, stream, out) => {
    const bound = Math.sqrt(6 / (layer.inputs + layer.taps * layer.outputs))
    stream.fillUniform(out)
    for (let i = 0; i < out.length; i++) out[i] = bound * (2 * out[i]! - 1)
  })

/**
 * As `glorot`, with biases uniform within the bound of their layer, so that the kinks of ReLU units spread over the data. Derived
 * here from scikit-learn's rule.
 */
export const scattered = (architecture: Architecture, seed: Seed.Seed): Float64Array => {
  const x = glorot(architecture, seed)
  for (const [l, layer] of architecture.layers.entries()) {
    const bound = Math.sqrt(6 / (layer.inputs + layer.taps * layer.outputs))
    const stream = RandomStream.make(seed.child("bias").child(l))
    const shifts = biases(layer, x)
    stream.fillUniform(shifts)
    for (let i = 0; i < shifts.length; i++) shifts[i] = bound * (2 * shifts[i]! - 1)
  }
  return x
}
