/** Attention, layer normalisation, embeddings and positions: gradients and products against differences. */
import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { exactTrace, network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"

const seed = Seed.root(3)

const pixels = (channels: number) => Block.convolution({ channels, size: 1 })
const transformer = (causal: boolean) => [
  Block.shift,
  Block.residual([
    Block.layerNormalisation(),
    pixels(14),
    Block.attention({ heads: 2, keys: 2, values: 3, scale: 0.9, causal }),
    pixels(4),
  ]),
  Block.layerNormalisation({ shifts: false }),
  Block.residual([pixels(5), Block.activation("gelu"), pixels(4)]),
  Block.layerNormalisation({ scales: false, epsilon: 0.1 }),
]
const networks = {
  "integers, mean of all": {
    input: 4,
    blocks: [
      Block.embedding({ entries: 6, features: 4 }),
      ...transformer(false),
      Block.averagePool({ size: "image" }),
      Block.dense(3),
    ],
  },
  "integers, causal, last position": {
    input: 4,
    blocks: [
      Block.embedding({ entries: 6, features: 4 }),
      ...transformer(true),
      Block.position(3),
      Block.dense(3),
    ],
  },
  "an image with a class token": {
    input: { height: 2, width: 2, channels: 1 },
    blocks: [pixels(4), Block.token, ...transformer(false), Block.position(0), Block.dense(3)],
  },
  "tokens of the data": {
    input: { height: 3, width: 1, channels: 4 },
    blocks: [Block.token, ...transformer(false), Block.flatten, Block.dense(3)],
  },
} as const

describe.each(Object.entries(networks))("%s", (_name, options) => {
  const architecture = Architecture.layered(options)
  const { dimension: n, inputs } = architecture
  const size = 7
  const features = new Float64Array(inputs * size)
  if (options.input === 4) {
    features.forEach((_, i) => (features[i] = (i * i + (i % 3)) % 6))
  } else RandomStream.make(seed.child("features")).fillNormal(features)
  const labels = Int32Array.from({ length: size }, (_, i) => i % 3)
  const objective = network({
    features,
    dimension: inputs,
    architecture,
    loss: Loss.crossEntropy(labels),
  })
  const x = new Float64Array(n)
  RandomStream.make(seed.child("weights")).fillNormal(x)
  for (let i = 0; i < n; i++) x[i]! *= 0.7
  const v = new Float64Array(n)
  RandomStream.make(seed.child("direction")).fillNormal(v)
  const h = 1e-5
  const moved = (t: number): Float64Array => x.map((value, i) => value + t * v[i]!)

  it("has the gradient and the products of differences", () => {
    const [gradient, ahead, behind, product] = [0, 1, 2, 3].map(() => new Float64Array(n))
    objective.valueAndGradient(x, gradient!)
    const up = objective.valueAndGradient(moved(h), ahead!)
    const down = objective.valueAndGradient(moved(-h), behind!)
    // of the order h^2
    assert.closeTo((up - down) / (2 * h), Vector.dot(gradient!, v), 1e-7)
    for (const multiply of [
      () => objective.hessianVector(x, v, product!),
      () =>
        objective.batchHessianVector(
          Uint32Array.from({ length: size }, (_, i) => i),
          x,
          v,
          product!,
        ),
    ]) {
      multiply()
      const differences = ahead!.map((value, i) => (value - behind![i]!) / (2 * h))
      assert.isAtMost(Vector.distance(product!, differences), 1e-6 * Vector.norm(differences))
    }
    assert.isAbove(Vector.norm(product!), 0.1)
  })

  it("has symmetric products", () => {
    const u = new Float64Array(n)
    RandomStream.make(seed.child("other")).fillNormal(u)
    const [hu, hv] = [new Float64Array(n), new Float64Array(n)]
    objective.hessianVector(x, u, hu)
    objective.hessianVector(x, v, hv)
    assert.closeTo(Vector.dot(u, hv), Vector.dot(v, hu), 1e-10)
  })

  it("splits the products into Gauss-Newton and the rest", () => {
    const { factor, rows, split } = objective.gaussNewton
    const a = new Float64Array(rows * n)
    factor(x, a)
    assert.closeTo(split!.trace(x), Vector.dot(a, a), 1e-10)
    const product = new Float64Array(n)
    objective.hessianVector(x, v, product)
    let form = 0
    for (let k = 0; k < rows; k++) form += Vector.dot(a.subarray(k * n, (k + 1) * n), v) ** 2
    assert.closeTo(split!.rest(x, v), Vector.dot(v, product) - form, 1e-9)
  })

  it("has no exact trace, and is refused by it", () => {
    assert.isUndefined(objective.exactTrace)
    assert.throws(
      () => exactTrace({ features, dimension: inputs, architecture, loss: "cross entropy" }),
      /estimate it/,
    )
  })
})

it("refuses numbers that are no entries", () => {
  const blocks = [Block.embedding({ entries: 3, features: 2 }), Block.flatten, Block.dense(2)]
  const architecture = Architecture.layered({ input: 2, blocks })
  for (const bad of [-1, 3, 0.5]) {
    assert.throws(
      () =>
        network({
          features: Float64Array.of(0, bad),
          dimension: 2,
          architecture,
          loss: Loss.crossEntropy([0]),
        }),
      /integers from 0 to 2/,
    )
  }
})

it("has an exact trace with an embedding and positions, which are piecewise linear", () => {
  const blocks = [
    Block.embedding({ entries: 5, features: 3 }),
    Block.shift,
    Block.token,
    pixels(4),
    Block.activation("relu"),
    Block.position(1),
    Block.dense(2),
  ]
  const architecture = Architecture.layered({ input: 2, blocks })
  const { dimension: n } = architecture
  const features = Float64Array.of(0, 1, 4, 4, 2, 3)
  const objective = network({
    features,
    dimension: 2,
    architecture,
    loss: Loss.crossEntropy([0, 1, 1]),
  })
  const x = new Float64Array(n)
  RandomStream.make(seed.child("x")).fillNormal(x)
  const [unit, out] = [new Float64Array(n), new Float64Array(n)]
  let trace = 0
  for (let i = 0; i < n; i++) {
    unit.fill(0)[i] = 1
    objective.hessianVector(x, unit, out)
    trace += out[i]!
  }
  assert.closeTo(objective.exactTrace!(x).trace, trace, 1e-10)
})
