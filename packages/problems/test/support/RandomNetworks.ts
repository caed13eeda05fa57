/** Networks of any blocks as small structures; everything else follows from the seed. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import * as fc from "fast-check"
import { network } from "../../src/index.ts"
import type * as Activation from "../../src/network/Activation.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Initialisation from "../../src/network/Initialisation.ts"

export const structure = fc.record({
  height: fc.integer({ min: 3, max: 6 }),
  width: fc.integer({ min: 3, max: 6 }),
  channels: fc.integer({ min: 1, max: 2 }),
  first: fc.constantFrom("convolution", "mean", "max", "residual", "activation"),
  size: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  padding: fc.constantFrom("valid" as const, "same" as const),
  pool: fc.constantFrom("mean", "max", "none"),
  skip: fc.boolean(),
  bias: fc.boolean(),
  classify: fc.boolean(),
  samples: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat({ max: 1e6 }),
})
export type Structure = typeof structure extends fc.Arbitrary<infer S> ? S : never

const blocksOf = (s: Structure, activation: Activation.Activation): ReadonlyArray<Block.Block> => {
  const { padding, size, stride } = s
  const bend = Block.activation(activation)
  const same = Block.convolution({ channels: 2, size: 3, padding: "same" })
  const start: ReadonlyArray<Block.Block> = {
    convolution: [],
    mean: [Block.averagePool({ size: 2, stride: 1 })],
    max: [Block.maxPool({ size: 2, stride: 1 })],
    residual: [Block.residual([Block.convolution({ channels: s.channels, size: 1 })])],
    activation: [bend],
  }[s.first]
  const pools = { mean: Block.averagePool, max: Block.maxPool }
  return [
    ...start,
    Block.convolution({ channels: 2, size: Math.min(size, 2), stride, padding }),
    bend,
    ...(s.skip
      ? [Block.residual([same, bend, same], [Block.convolution({ channels: 2, size: 1 })]), bend]
      : []),
    ...(s.pool === "none" ? [] : [pools[s.pool]({ size: 1 })]),
    Block.flatten,
    Block.dense(3),
    bend,
    Block.dense(2),
  ]
}

export const expand = (s: Structure, activation: Activation.Activation) => {
  const seed = Seed.root(s.seed)
  const normal = (label: string, length: number): Float64Array => {
    const out = new Float64Array(length)
    RandomStream.make(seed.child(label)).fillNormal(out)
    return out
  }
  const { bias, channels, height, samples, width } = s
  const architecture = Architecture.layered({
    input: { height, width, channels },
    blocks: blocksOf(s, activation),
    bias,
  })
  const stream = RandomStream.make(seed.child("labels"))
  const objective = network({
    features: normal("features", samples * architecture.inputs),
    dimension: architecture.inputs,
    architecture,
    loss: s.classify
      ? Loss.crossEntropy(Int32Array.from({ length: samples }, () => stream.integer(2)))
      : Loss.squared(normal("targets", samples * 2)),
  })
  const x = Initialisation.glorot(architecture, seed)
  const shift = normal("biases", x.length)
  for (let i = 0; i < x.length; i++) x[i]! += 0.1 * shift[i]!
  return { architecture, objective, x, v: normal("direction", x.length) }
}
