/** The Hessian of a network as its Gauss-Newton matrix and the rest. */
import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Initialisation from "../../src/network/Initialisation.ts"
import * as Loss from "../../src/network/Loss.ts"

const seed = Seed.root(1)

const blocks = [
  Block.convolution({ channels: 2, size: 3 }),
  Block.activation("tanh"),
  Block.averagePool({ size: 2 }),
  Block.depthwise({ size: 2, padding: { top: 1, bottom: 0, left: 1, right: 0 } }),
  Block.activation("relu6"),
  Block.flatten,
  Block.dense(3),
]
const input = { height: 6, width: 6, channels: 1 }
const architecture = Architecture.layered({ input, blocks })

describe.each([6, 700])("with %i samples", (size) => {
  const features = new Float64Array(36 * size)
  RandomStream.make(seed.child("features")).fillNormal(features)
  const labels = Int32Array.from({ length: size }, (_, i) => i % 3)
  const objective = network({
    features,
    dimension: 36,
    architecture,
    loss: Loss.crossEntropy(labels),
  })
  const x = Initialisation.he(architecture, seed.child("weights"))
  const { factor, rows, split } = objective.gaussNewton
  const n = x.length
  const a = new Float64Array(rows * n)
  factor(x, a)

  it("has the trace of the factor", () => {
    assert.closeTo(split!.trace(x), Vector.dot(a, a), 1e-10)
  })

  it("has the rest of each product", () => {
    const [v, product] = [new Float64Array(n), new Float64Array(n)]
    RandomStream.make(seed.child("direction")).fillNormal(v)
    objective.hessianVector(x, v, product)
    let form = 0
    for (let k = 0; k < rows; k++) form += Vector.dot(a.subarray(k * n, (k + 1) * n), v) ** 2
    assert.closeTo(split!.rest(x, v), Vector.dot(v, product) - form, 1e-10)
    assert.isAbove(Math.abs(split!.rest(x, v)), 1e-3)
  })
})
