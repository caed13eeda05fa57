/** Frozen batch normalisation, GELU, kernels of two sides, margins and padded pools: by hand, by differences, and exact traces. */
import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"
import { curvatureError, hessianOf, slopeError } from "../support/Slopes.ts"

const outputsOf = (
  input: Architecture.Shape | number,
  blocks: ReadonlyArray<Block.Block>,
  sample: ReadonlyArray<number>,
  x: ReadonlyArray<number>,
  bias = false,
): ReadonlyArray<number> => {
  const architecture = Architecture.layered({ input, blocks, bias })
  const features = Float64Array.from(sample)
  const loss = Loss.squared(new Float64Array(architecture.outputs))
  const objective = network({ features, dimension: sample.length, architecture, loss })
  const out = new Float64Array(architecture.outputs)
  objective.predict(Float64Array.from(x), features, out)
  return [...out]
}

const image = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const square = { height: 3, width: 3, channels: 1 }
const same = Block.convolution({ channels: 1, size: 1 })

describe("blocks by hand", () => {
  it("a kernel of two sides reads a rectangle, with strides of its own", () => {
    const wide = Block.convolution({ channels: 1, size: { height: 1, width: 3 } })
    assert.deepStrictEqual(outputsOf(square, [wide], image, [1, 10, 100]), [321, 654, 987])
    const tall = Block.convolution({
      channels: 1,
      size: { height: 2, width: 1 },
      stride: { height: 1, width: 2 },
    })
    assert.deepStrictEqual(outputsOf(square, [tall], image, [1, 10]), [41, 63, 74, 96])
  })

  it("margins pad each side by its own number of zeros", () => {
    const padding = { top: 1, bottom: 0, left: 0, right: 1 }
    const blocks = [Block.convolution({ channels: 1, size: 2, stride: 2, padding })]
    // rows 0 0 0 0 and 1 2 3 0, then 4 5 6 0 and 7 8 9 0
    assert.deepStrictEqual(
      outputsOf(square, blocks, image, [1, 10, 100, 1000]),
      [2100, 300, 8754, 906],
    )
  })

  it("padding is never the largest, and counts in a mean only where that is said", () => {
    const padding = { top: 1, bottom: 1, left: 1, right: 1 }
    const pool = { size: 2, stride: 2, padding }
    const negative = image.map((value) => -value)
    assert.deepStrictEqual(
      outputsOf(square, [Block.maxPool(pool), same], negative, [1]),
      [-1, -2, -4, -5],
    )
    assert.deepStrictEqual(
      outputsOf(square, [Block.averagePool(pool), same], image, [1]),
      [1, 2.5, 5.5, 7],
    )
    const counting = Block.averagePool({ ...pool, countsPadding: true })
    assert.deepStrictEqual(outputsOf(square, [counting, same], image, [1]), [0.25, 1.25, 2.75, 7])
  })

  it("a pool over all of an image leaves a vector", () => {
    const two = { height: 1, width: 2, channels: 2 }
    const blocks = [Block.averagePool({ size: "image" }), Block.dense(1)]
    assert.deepStrictEqual(outputsOf(two, blocks, [1, 2, 3, 4], [1, 10]), [32])
    const largest = [Block.maxPool({ size: "image" }), Block.dense(1)]
    assert.deepStrictEqual(outputsOf(two, largest, [1, 2, 3, 4], [1, 10]), [43])
  })

  it("a frozen normalisation is a map of each channel", () => {
    const options = { mean: Float64Array.of(1, 2), variance: Float64Array.of(4, 0.25), epsilon: 0 }
    const sample = [3, 3, 1, 1]
    const two = { height: 1, width: 2, channels: 2 }
    const both = [Block.frozenNormalisation(options)]
    // n = (x - 1) / 2 and 2 (x - 2)
    assert.deepStrictEqual(outputsOf(two, both, sample, [10, 100, 1, 2]), [11, 202, 1, -198])
    const plain = Block.frozenNormalisation({ ...options, scales: false })
    assert.deepStrictEqual(outputsOf(two, [plain], sample, [1, 2]), [2, 4, 1, 0])
  })

  it("layers say for themselves whether they have biases", () => {
    const blocks = [Block.dense(1, { bias: false }), Block.dense(1)]
    const { dimension, parts } = Architecture.layered({ input: 2, blocks })
    assert.strictEqual(dimension, 4)
    assert.deepStrictEqual(parts, [
      { begin: 0, end: 2 },
      { begin: 2, end: 4 },
    ])
  })

  it("GELU and its approximation have the values of PyTorch 2.15 in float64", () => {
    const at = [-3, -0.5, 0, 1, 8]
    const blocks = (name: "gelu" | "gelu-tanh") => [Block.activation(name), Block.dense(1)]
    const exact = [
      -0.00404969409489031, -0.15426876936299344, 0, 0.841344746068543, 7.999999999999995,
    ]
    const tanh = [-0.0036373920817729943, -0.15428599017485606, 0, 0.8411919906082768, 8]
    for (const [i, z] of at.entries()) {
      assert.approximately(outputsOf(1, blocks("gelu"), [z], [1])[0]!, exact[i]!, 1e-15)
      assert.approximately(outputsOf(1, blocks("gelu-tanh"), [z], [1])[0]!, tanh[i]!, 1e-15)
    }
  })

  it("GELU is flat far from 0, without overflow", () => {
    for (const name of ["gelu", "gelu-tanh"] as const) {
      const architecture = Architecture.layered({
        input: 1,
        blocks: [Block.dense(1), Block.activation(name), Block.dense(1)],
      })
      for (const far of [1e200, -1e200]) {
        const objective = network({
          features: Float64Array.of(1),
          dimension: 1,
          architecture,
          loss: Loss.squared(Float64Array.of(0)),
        })
        const out = new Float64Array(4)
        objective.hessianVector(Float64Array.of(far, 0, 0, 0), Float64Array.of(1, 0, 0, 0), out)
        assert.deepStrictEqual([...out], [0, 0, 0, 0])
      }
    }
  })

  it("refuses windows that lie in the padding, and statistics that make no map", () => {
    const wide = { top: 2, bottom: 0, left: 0, right: 0 }
    const blocks = [Block.maxPool({ size: 2, padding: wide })]
    assert.throws(() => Architecture.layered({ input: square, blocks }), /narrower than the window/)
    const options = { mean: Float64Array.of(0), variance: Float64Array.of(-1) }
    const frozen = [Block.frozenNormalisation(options)]
    assert.throws(() => Architecture.layered({ input: square, blocks: frozen }), /variance/)
  })
})

const structure = fc.record({
  height: fc.integer({ min: 3, max: 5 }),
  width: fc.integer({ min: 3, max: 5 }),
  kernel: fc.record({
    height: fc.integer({ min: 1, max: 3 }),
    width: fc.integer({ min: 1, max: 3 }),
  }),
  stride: fc.record({
    height: fc.integer({ min: 1, max: 2 }),
    width: fc.integer({ min: 1, max: 2 }),
  }),
  first: fc.boolean(),
  pool: fc.constantFrom("mean", "counting", "max", "all"),
  scales: fc.boolean(),
  shifts: fc.boolean(),
  samples: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat({ max: 1e6 }),
})
type Structure = typeof structure extends fc.Arbitrary<infer S> ? S : never

const expand = (s: Structure, bends: ReadonlyArray<Block.Block>) => {
  const seed = Seed.root(s.seed)
  const normal = (label: string, length: number, scale = 1): Float64Array => {
    const out = new Float64Array(length)
    RandomStream.make(seed.child(label)).fillNormal(out)
    return out.map((value) => scale * value)
  }
  const frozen = (channels: number, label: string) =>
    Block.frozenNormalisation({
      mean: normal(`${label} mean`, channels, 0.3),
      variance: normal(`${label} variance`, channels, 0.3).map((value) => 1 + value * value),
      scales: s.scales,
      shifts: s.shifts,
    })
  const padding = { top: s.kernel.height - 1, bottom: 0, left: 0, right: s.kernel.width - 1 }
  const pool = { size: 2, stride: 1, padding: { top: 1, bottom: 0, left: 0, right: 1 } }
  const pools = {
    mean: Block.averagePool(pool),
    counting: Block.averagePool({ ...pool, countsPadding: true }),
    max: Block.maxPool(pool),
    all: Block.averagePool({ size: "image" }),
  }
  const architecture = Architecture.layered({
    input: { height: s.height, width: s.width, channels: 2 },
    blocks: [
      ...(s.first ? [frozen(2, "first")] : []),
      Block.convolution({ channels: 3, size: s.kernel, stride: s.stride, padding, bias: false }),
      frozen(3, "second"),
      ...bends,
      Block.residual([Block.convolution({ channels: 3, size: 1 }), ...bends]),
      pools[s.pool],
      Block.flatten,
      Block.dense(2),
    ],
  })
  const objective = network({
    features: normal("features", s.samples * architecture.inputs),
    dimension: architecture.inputs,
    architecture,
    loss: Loss.crossEntropy(Int32Array.from({ length: s.samples }, (_, i) => (s.seed + i) % 2)),
  })
  const x = normal("x", architecture.dimension, 0.5)
  return { architecture, objective, x, v: normal("v", architecture.dimension) }
}

describe("networks of these blocks", () => {
  it("the gradient is the slope of the value, and the product that of the gradient", () => {
    fc.assert(
      fc.property(structure, (s) => {
        for (const name of ["gelu", "gelu-tanh"] as const) {
          const point = expand(s, [Block.activation(name)])
          assert.isAtMost(slopeError(point, 1e-6), 1e-7)
          assert.isAtMost(curvatureError(point, 1e-6), 1e-7)
        }
      }),
      { numRuns: 60 },
    )
  })

  it("the exact trace of each part is that of its block of the Hessian", () => {
    fc.assert(
      fc.property(structure, (s) => {
        const { architecture, objective, x } = expand(s, [Block.activation("relu")])
        const n = x.length
        const h = hessianOf(objective, x)
        const { layers } = objective.exactTrace!(x)
        assert.strictEqual(layers.length, architecture.parts.length)
        const scale = 1 + Vector.maxAbs(h)
        for (const [k, { begin, end }] of architecture.parts.entries()) {
          let trace = 0
          for (let i = begin; i < end; i++) trace += h[i * n + i]!
          assert.approximately(layers[k]!, trace, 1e-12 * n * scale)
        }
      }),
      { numRuns: 20 },
    )
  })

  it("the gradient of the trace, and the Gauss-Newton factor, see scales and shifts", () => {
    fc.assert(
      fc.property(structure, (s) => {
        const { objective, v, x } = expand(s, [])
        const n = x.length
        const factor = new Float64Array(objective.gaussNewton.rows * n)
        objective.gaussNewton.factor(x, factor)
        // of a network whose blocks are linear each, the diagonal of the Hessian is that of the Gauss-Newton matrix
        const h = hessianOf(objective, x)
        for (let i = 0; i < n; i++) {
          let squares = 0
          for (let r = 0; r < objective.gaussNewton.rows; r++) squares += factor[r * n + i]! ** 2
          assert.approximately(squares, h[i * n + i]!, 1e-11 * (1 + Vector.maxAbs(h)))
        }
        const gradient = new Float64Array(n)
        objective.hessianTrace!.gradient(x, gradient)
        const at = (t: number) =>
          objective.hessianTrace!.value(x.map((value, i) => value + t * v[i]!))
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5
        const scale = 1 + Math.abs(at(0)) + Vector.norm(gradient) * Vector.norm(v)
        assert.approximately(Vector.dot(gradient, v), slope, 1e-6 * scale)
      }),
      { numRuns: 10 },
    )
  })
})
