/** Convolutions, pools and residual blocks: values by hand, golden values, and differences on networks of any shape. */
import { Kernels, Seed, Vector } from "@nonconvex/numerics"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Initialisation from "../../src/network/Initialisation.ts"
import * as Memory from "../../src/internal/network/Memory.ts"
import { golden, waves } from "../support/LayeredGolden.ts"
import { expand, structure } from "../support/RandomNetworks.ts"
import {
  curvatureError,
  error,
  gradientOf,
  hessianTimes,
  slopeError,
  valueOf,
} from "../support/Slopes.ts"

/** The outputs of blocks on one image at the parameters `x`. */
const outputsOf = (
  input: { readonly height: number; readonly width: number; readonly channels: number },
  blocks: ReadonlyArray<Block.Block>,
  image: ReadonlyArray<number>,
  x: ReadonlyArray<number>,
  bias = true,
): ReadonlyArray<number> => {
  const architecture = Architecture.layered({ input, blocks, bias })
  const objective = network({
    features: Float64Array.from(image),
    dimension: image.length,
    architecture,
    loss: Loss.squared(new Float64Array(architecture.outputs)),
  })
  const out = new Float64Array(architecture.outputs)
  objective.predict(Float64Array.from(x), Float64Array.from(image), out)
  return [...out]
}

describe("blocks by hand", () => {
  const image = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  const square = { height: 3, width: 3, channels: 1 }

  it("a valid convolution is a correlation, plus the bias", () => {
    const blocks = [Block.convolution({ channels: 1, size: 2 })]
    // windows 1 2 4 5, 2 3 5 6, 4 5 7 8, 5 6 8 9 against 1 0 0 -1
    assert.deepStrictEqual(outputsOf(square, blocks, image, [1, 0, 0, -1, 10]), [6, 6, 6, 6])
  })

  it("`same` pads with zeros, more of them behind", () => {
    const blocks = [Block.convolution({ channels: 1, size: 2, padding: "same" })]
    const expected = [12, 16, 9, 24, 28, 15, 15, 17, 9]
    assert.deepStrictEqual(outputsOf(square, blocks, image, [1, 1, 1, 1], false), expected)
    const strided = [Block.convolution({ channels: 1, size: 3, stride: 2, padding: "same" })]
    const ones = Array.from({ length: 9 }, () => 1)
    assert.deepStrictEqual(outputsOf(square, strided, image, ones, false), [12, 16, 24, 28])
  })

  it("channels lie side by side, in images and in kernels", () => {
    const two = { height: 1, width: 2, channels: 2 }
    const blocks = [Block.convolution({ channels: 2, size: 1 })]
    // channel 0 is a + 10 b, channel 1 is b
    assert.deepStrictEqual(
      outputsOf(two, blocks, [1, 2, 3, 4], [1, 10, 0, 1], false),
      [21, 2, 43, 4],
    )
  })

  it("pools take the mean or the largest of each window", () => {
    const after = Block.convolution({ channels: 1, size: 1 })
    const mean = [Block.averagePool({ size: 2, stride: 1 }), after]
    assert.deepStrictEqual(outputsOf(square, mean, image, [1], false), [3, 4, 6, 7])
    const max = [Block.maxPool({ size: 2, stride: 1 }), after]
    assert.deepStrictEqual(outputsOf(square, max, image, [1], false), [5, 6, 8, 9])
    assert.deepStrictEqual(
      outputsOf(square, [Block.maxPool({ size: 2 }), after], image, [1], false),
      [5],
    )
  })

  it("a residual block adds its input", () => {
    const blocks = [Block.residual([Block.convolution({ channels: 1, size: 1 })])]
    assert.deepStrictEqual(
      outputsOf(square, blocks, image, [2, 1]),
      image.map((a) => 3 * a + 1),
    )
  })

  it("a layered dense network is the fully connected one, bit for bit", () => {
    const features = Float64Array.from({ length: 12 }, (_, i) => Math.sin(i))
    const loss = Loss.crossEntropy([0, 1, 1, 0])
    const [a, b] = [
      Architecture.make({ widths: [3, 4, 2], activation: "tanh" }),
      Architecture.layered({
        input: 3,
        blocks: [Block.dense(4), Block.activation("tanh"), Block.dense(2)],
      }),
    ].map((architecture) => network({ features, dimension: 3, architecture, loss }))
    const x = Initialisation.he(a!.architecture, Seed.root(1))
    assert.deepStrictEqual(Initialisation.he(b!.architecture, Seed.root(1)), x)
    assert.strictEqual(valueOf(b!, x), valueOf(a!, x))
    assert.deepStrictEqual(gradientOf(b!, x), gradientOf(a!, x))
    assert.deepStrictEqual(hessianTimes(b!, x, x), hessianTimes(a!, x, x))
  })
})

describe("initialisation of a convolution", () => {
  const architecture = Architecture.layered({
    input: { height: 9, width: 9, channels: 20 },
    blocks: [Block.convolution({ channels: 40, size: 3 })],
  })
  const [layer] = architecture.layers

  it("counts its window: he by what comes in, glorot at both ends", () => {
    assert.deepStrictEqual([layer!.inputs, layer!.outputs, layer!.taps], [180, 40, 9])
    const he = Architecture.weights(layer!, Initialisation.he(architecture, Seed.root(1)))
    // 7,200 weights: 4 % is more than four standard errors
    const deviation = Vector.norm(he) / Math.sqrt(he.length)
    assert.approximately(deviation / Math.sqrt(2 / 180), 1, 0.04)
    const glorot = Architecture.weights(layer!, Initialisation.glorot(architecture, Seed.root(1)))
    assert.approximately(Vector.maxAbs(glorot) / Math.sqrt(6 / (180 + 9 * 40)), 1, 0.01)
  })
})

describe("golden values, computed with torch 2.15 in float64", () => {
  it.each(golden)("$title", ({ expected, objective }) => {
    const { v, w, x } = waves(objective.dimension)
    const gradient = gradientOf(objective, x)
    const product = hessianTimes(objective, x, v)
    const found = [
      valueOf(objective, x),
      Vector.dot(w, gradient),
      Vector.norm(gradient),
      Vector.dot(w, product),
      Vector.norm(product),
    ]
    for (const [k, value] of found.entries()) {
      assert.approximately(value / expected[k]!, 1, 1e-13)
    }
  })
})

describe("networks of any blocks", () => {
  it("the gradient is the slope of the value along any direction", () => {
    fc.assert(
      fc.property(structure, (s) => {
        assert.isAtMost(slopeError(expand(s, "tanh"), 1e-6), 1e-7)
      }),
    )
  })

  it("the Hessian-vector product is the slope of the gradient", () => {
    fc.assert(
      fc.property(structure, (s) => {
        assert.isAtMost(curvatureError(expand(s, "tanh"), 1e-6), 1e-7)
      }),
    )
  })
})

describe("turns", () => {
  it("many windows pass in several turns, with the same sums", () => {
    const architecture = Architecture.layered({
      input: { height: 12, width: 12, channels: 8 },
      blocks: [
        Block.convolution({ channels: 2, size: 5, padding: "same" }),
        Block.averagePool({ size: 12 }),
      ],
    })
    // 144 windows of 200 numbers each
    assert.strictEqual(Architecture.widest(architecture), 28_800)
    assert.strictEqual(Memory.capacityFor(architecture, 100), 4)
    const size = 7
    const features = Float64Array.from({ length: size * 1_152 }, (_, i) => Math.sin(i))
    const objective = network({
      features,
      dimension: 1_152,
      architecture,
      loss: Loss.squared(Float64Array.from({ length: 2 * size }, (_, i) => Math.cos(i))),
      kernels: Kernels.strict(),
    })
    const x = Initialisation.he(architecture, Seed.root(2))
    const whole = gradientOf(objective, x)
    const mean = new Float64Array(x.length)
    const one = new Float64Array(x.length)
    let value = 0
    for (let i = 0; i < size; i++) {
      value += objective.batchValueAndGradient(Uint32Array.of(i), x, one) / size
      Vector.axpy(1 / size, one, mean)
    }
    assert.approximately(valueOf(objective, x), value, 1e-13)
    assert.isAtMost(error(whole, mean), 1e-13)
  })
})
