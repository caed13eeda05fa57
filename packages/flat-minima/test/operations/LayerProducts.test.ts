/** Products with the blocks of layers equal those with the whole Hessian, whatever precedes a layer. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { network } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { assert, describe, it } from "vitest"
import type { NetworkOnData, Shape } from "../../src/operations/NetworkOnData.ts"
import { suffixes } from "../../src/operations/LayerProducts.ts"

const seed = Seed.root(1)
const normal = (label: string, length: number): Float64Array => {
  const out = new Float64Array(length)
  RandomStream.make(seed.child(label)).fillNormal(out)
  return out
}

const layered: Shape = {
  _tag: "Layered",
  input: { height: 6, width: 5, channels: 2 },
  blocks: [
    Block.averagePool({ size: { height: 2, width: 1 } }),
    Block.convolution({ channels: 3, size: { height: 2, width: 2 } }),
    Block.frozenNormalisation({
      mean: normal("mean", 3),
      variance: normal("variance", 3).map((value) => 0.5 + value * value),
      epsilon: 1e-3,
      scales: true,
      shifts: true,
    }),
    Block.activation("gelu"),
    Block.residual(
      [Block.convolution({ channels: 3, size: { height: 1, width: 1 } }), Block.activation("tanh")],
      [],
    ),
    Block.flatten,
    Block.dense(5),
    Block.activation("tanh"),
    Block.dense(2),
  ],
}

const shapes: ReadonlyArray<readonly [string, Shape]> = [
  ["blocks of all kinds", layered],
  ["fully connected", { _tag: "FullyConnected", widths: [60, 7, 4, 2], activation: "softplus" }],
]

describe("suffixes", () => {
  it.each(shapes)("have the products of the whole network: %s", (_, shape) => {
    const samples = 9
    const architecture =
      shape._tag === "Layered" ? Architecture.layered(shape) : Architecture.make(shape)
    const input: NetworkOnData = {
      shape,
      parameters: Initialisation.glorot(architecture, seed),
      features: normal("features", samples * 60),
      targets: Int32Array.from({ length: samples }, (__, i) => i % 2),
      seed: 1,
    }
    const kernels = Kernels.strict()
    const whole = network({
      features: input.features,
      dimension: 60,
      architecture,
      loss: Loss.crossEntropy(input.targets),
      kernels,
    })
    const operatorOf = suffixes(input, kernels)
    for (const [p, part] of architecture.parts.entries()) {
      const size = part.end - part.begin
      const v = normal(`v${p}`, size)
      const [direction, product] = [
        new Float64Array(architecture.dimension),
        new Float64Array(architecture.dimension),
      ]
      direction.set(v, part.begin)
      whole.hessianVector(input.parameters, direction, product)
      const out = new Float64Array(size)
      operatorOf(part)(v, out)
      const expected = product.subarray(part.begin, part.end)
      out.forEach((value, i) => assert.approximately(value, expected[i]!, 1e-12))
    }
  })
})
