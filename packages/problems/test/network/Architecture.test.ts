import { Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Initialisation from "../../src/network/Initialisation.ts"
import { valueOf } from "../support/Slopes.ts"

const wave = (count: number, f: (i: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => f(i))

describe("the layout of the parameters", () => {
  const architecture = Architecture.make({ widths: [2, 3, 1], activation: "relu" })

  it("is layer after layer, weights before biases, a row for each output", () => {
    assert.strictEqual(architecture.dimension, 13)
    const x = wave(13, (i) => i)
    const [first, second] = architecture.layers
    assert.deepStrictEqual([...Architecture.weights(first!, x)], [0, 1, 2, 3, 4, 5])
    assert.deepStrictEqual([...Architecture.biases(first!, x)], [6, 7, 8])
    assert.deepStrictEqual([...Architecture.weights(second!, x)], [9, 10, 11])
    assert.deepStrictEqual([...Architecture.biases(second!, x)], [12])
  })

  it("views write through to the parameters", () => {
    const x = new Float64Array(13)
    Architecture.biases(architecture.layers[1]!, x)[0] = 5
    assert.strictEqual(x[12], 5)
  })

  it("without biases there are only weights", () => {
    const bare = Architecture.make({ widths: [2, 3, 1], activation: "relu", bias: false })
    assert.strictEqual(bare.dimension, 9)
    assert.strictEqual(Architecture.biases(bare.layers[0]!, new Float64Array(9)).length, 0)
  })

  it("computes W a + b by hand", () => {
    const one = network({
      features: Float64Array.of(1, 2),
      dimension: 2,
      architecture,
      loss: Loss.squared(Float64Array.of(0)),
    })
    // first layer: rows (1, 0), (0, 1), (-1, -1), biases 1, 0, 0; second: weights 1, 2, 3, bias -4
    const x = Float64Array.of(1, 0, 0, 1, -1, -1, 1, 0, 0, 1, 2, 3, -4)
    const outputs = new Float64Array(2)
    one.predict(x, Float64Array.of(1, 2, -5, -6), outputs)
    // hidden: (2, 2, 0) and (0, 0, 11)
    assert.deepStrictEqual([...outputs], [2 + 4 - 4, 33 - 4])
    assert.strictEqual(valueOf(one, x), 2)
  })
})

describe("initialisation", () => {
  const architecture = Architecture.make({ widths: [100, 200, 50], activation: "relu" })
  const deviationOf = (values: Float64Array): number =>
    Vector.norm(values) / Math.sqrt(values.length)

  it.each([
    ["he", Initialisation.he, [Math.sqrt(2 / 100), Math.sqrt(2 / 200)]],
    ["glorot", Initialisation.glorot, [Math.sqrt(2 / 300), Math.sqrt(2 / 250)]],
    [
      "normal",
      (a: Architecture.Architecture, seed: Seed.Seed) => Initialisation.normal(a, seed, 0.3),
      [0.3, 0.3],
    ],
  ] as const)("%s has its standard deviations, biases 0, and repeats", (_, initial, expected) => {
    const x = initial(architecture, Seed.root(1))
    for (const [l, layer] of architecture.layers.entries()) {
      // 10,000 weights a layer: 3 % is more than four standard errors
      assert.approximately(deviationOf(Architecture.weights(layer, x)) / expected[l]!, 1, 0.03)
      assert.isTrue(Architecture.biases(layer, x).every((value) => value === 0))
    }
    assert.deepStrictEqual(initial(architecture, Seed.root(1)), x)
    assert.notDeepEqual(initial(architecture, Seed.root(2)), x)
  })

  it("scattered has the weights of glorot, and biases of the same deviation, and repeats", () => {
    const wide = Architecture.make({ widths: [3, 8000, 3], activation: "relu" })
    const x = Initialisation.scattered(wide, Seed.root(1))
    const glorot = Initialisation.glorot(wide, Seed.root(1))
    for (const layer of wide.layers) {
      const [mine, theirs] = [x, glorot].map((of) => Architecture.weights(layer, of))
      assert.deepStrictEqual(mine, theirs)
      const biases = Architecture.biases(layer, x)
      const bound = Math.sqrt(6 / (layer.inputs + layer.outputs))
      assert.isTrue(biases.every((value) => Math.abs(value) <= bound))
    }
    const [first] = wide.layers
    const deviation = Math.sqrt(2 / 8003)
    // 8,000 biases: 3 % is more than four standard errors
    assert.approximately(deviationOf(Architecture.biases(first!, x)) / deviation, 1, 0.03)
    assert.deepStrictEqual(Initialisation.scattered(wide, Seed.root(1)), x)
  })

  it("a layer's weights do not depend on the other layers", () => {
    const deeper = Architecture.make({ widths: [100, 200, 7, 9], activation: "tanh" })
    const [a, b] = [architecture, deeper].map((of) =>
      Architecture.weights(of.layers[0]!, Initialisation.he(of, Seed.root(1))),
    )
    assert.deepStrictEqual(a, b)
  })
})
