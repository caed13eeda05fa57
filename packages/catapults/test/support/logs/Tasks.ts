/** Networks of three kinds on small data, from a seed: what the labelled logs are trained on. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network, type Network } from "@nonconvex/problems/network/Network"

export type Kind = "tanh" | "relu" | "convolution"

export interface Task {
  readonly objective: Network<Architecture.Architecture>
  readonly start: Float64Array
  /** The same samples with their inputs multiplied, or with the labels of other samples. */
  readonly scaled: (by: number) => Network<Architecture.Architecture>
  readonly flipped: Network<Architecture.Architecture>
}

const normals = (seed: Seed.Seed, length: number): Float64Array => {
  const out = new Float64Array(length)
  RandomStream.make(seed).fillNormal(out)
  return out
}

const architectures: { readonly [Each in Kind]: Architecture.Architecture } = {
  tanh: Architecture.make({ widths: [8, 20, 20, 1], activation: "tanh" }),
  relu: Architecture.make({ widths: [10, 32, 4], activation: "relu" }),
  convolution: Architecture.layered({
    input: { height: 6, width: 6, channels: 1 },
    blocks: [
      Block.convolution({ channels: 4, size: 3 }),
      Block.activation("relu"),
      Block.averagePool({ size: 2 }),
      Block.flatten,
      Block.dense(3),
    ],
  }),
}

/** A wave of one direction, with noise; the sign is what flipped labels exchange. */
const waves = (features: Float64Array, inputs: number, size: number, seed: Seed.Seed) => {
  const direction = normals(seed.child("direction"), inputs)
  const noise = normals(seed.child("noise"), size)
  return Float64Array.from({ length: size }, (_, i) => {
    let along = 0
    for (let j = 0; j < inputs; j++) along += direction[j]! * features[i * inputs + j]!
    return Math.sin(along) + 0.5 * Math.tanh(along) + 0.1 * noise[i]!
  })
}

/** Samples and a start; a class has a centre, around which its samples scatter. */
export const task = (kind: Kind, size: number, seed: Seed.Seed): Task => {
  const architecture = architectures[kind]
  const { inputs, outputs } = architecture
  const features = normals(seed.child("features"), size * inputs)
  const start = (kind === "tanh" ? Initialisation.glorot : Initialisation.he)(
    architecture,
    seed.child("start"),
  )
  const on = (inside: Float64Array, loss: Loss.Loss) =>
    network({ architecture, features: inside, dimension: inputs, loss })
  const scaledBy = (loss: Loss.Loss) => (by: number) =>
    on(
      features.map((x) => by * x),
      loss,
    )
  if (kind === "tanh") {
    const targets = waves(features, inputs, size, seed)
    const loss = Loss.squared(targets)
    const flipped = Loss.squared(targets.map((y) => -3 * y))
    return {
      objective: on(features, loss),
      start,
      scaled: scaledBy(loss),
      flipped: on(features, flipped),
    }
  }
  const centres = normals(seed.child("centres"), outputs * inputs)
  const labels = Uint32Array.from({ length: size }, (_, i) => i % outputs)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < inputs; j++) {
      features[i * inputs + j]! += 0.9 * centres[labels[i]! * inputs + j]!
    }
  }
  const loss = Loss.crossEntropy(labels)
  const flipped = Loss.crossEntropy(labels.map((label) => (label + 1) % outputs))
  return {
    objective: on(features, loss),
    start,
    scaled: scaledBy(loss),
    flipped: on(features, flipped),
  }
}
