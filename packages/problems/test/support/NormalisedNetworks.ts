/** Networks with batch normalisation as small structures; everything else follows from the seed. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import * as fc from "fast-check"
import { batchNormalised } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Initialisation from "../../src/network/Initialisation.ts"

export const structure = fc.record({
  height: fc.integer({ min: 2, max: 5 }),
  width: fc.integer({ min: 2, max: 5 }),
  channels: fc.integer({ min: 1, max: 2 }),
  /** Whether the images themselves are normalised. */
  first: fc.boolean(),
  stride: fc.integer({ min: 1, max: 2 }),
  skip: fc.boolean(),
  classify: fc.boolean(),
  samples: fc.integer({ min: 3, max: 6 }),
  epsilon: fc.constantFrom<number>(1e-5, 0.1),
  seed: fc.nat({ max: 1e6 }),
})
type Structure = typeof structure extends fc.Arbitrary<infer S> ? S : never

export const expand = (s: Structure) => {
  const { channels, classify, epsilon, height, samples, stride, width } = s
  const seed = Seed.root(s.seed)
  const normal = (label: string, length: number): Float64Array => {
    const out = new Float64Array(length)
    RandomStream.make(seed.child(label)).fillNormal(out)
    return out
  }
  const bend = Block.activation("tanh")
  const here = Block.batchNormalisation({ epsilon })
  const elsewhere = Block.batchNormalisation({ epsilon: 0.01 })
  const same = Block.convolution({ channels: 2, size: 3, padding: "same" })
  const architecture = Architecture.layered({
    input: { height, width, channels },
    blocks: [
      ...(s.first ? [elsewhere] : []),
      Block.convolution({ channels: 2, size: 2, stride, padding: "same" }),
      here,
      bend,
      ...(s.skip ? [Block.residual([same, elsewhere, bend, same]), bend] : []),
      Block.flatten,
      Block.dense(3),
      elsewhere,
      bend,
      Block.dense(2),
    ],
  })
  const stream = RandomStream.make(seed.child("labels"))
  const objective = batchNormalised({
    features: normal("features", samples * architecture.inputs),
    dimension: architecture.inputs,
    architecture,
    loss: classify
      ? Loss.crossEntropy(Int32Array.from({ length: samples }, () => stream.integer(2)))
      : Loss.squared(normal("targets", samples * 2)),
  })
  const x = Initialisation.glorot(architecture, seed)
  const shift = normal("biases", x.length)
  for (let i = 0; i < x.length; i++) x[i]! += 0.1 * shift[i]!
  return {
    objective,
    size: samples,
    x,
    v: normal("direction", x.length),
    /** The layer before the normalisation whose epsilon is that of the structure. */
    first: architecture.layers[0]!,
  }
}
