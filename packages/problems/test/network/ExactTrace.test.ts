/** The theorem of the exact trace: known answers, dense Hessians, and where it does not hold. */
import { InvalidInput, Kernels, Vector } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { exactTrace, network, type Network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"

import { golden, waves } from "../support/LayeredGolden.ts"
import { expand, structure } from "../support/RandomNetworks.ts"
import { along, hessianOf } from "../support/Slopes.ts"
import { isPiecewiseLinear } from "../../src/internal/network/TraceOfLayers.ts"

const factorOf = (objective: Network<Architecture.Architecture>, x: Float64Array): Float64Array => {
  const out = new Float64Array(objective.gaussNewton.rows * x.length)
  objective.gaussNewton.factor(x, out)
  return out
}

describe("known answers, computed with torch 2.15 in float64", () => {
  it.each(golden)("$title", ({ layers, objective, trace }) => {
    const { x } = waves(objective.dimension)
    const found = objective.exactTrace!(x)
    assert.approximately(found.trace / trace, 1, 1e-13)
    // and as the trace of the Gauss-Newton matrix
    const factor = factorOf(objective, x)
    assert.approximately(Vector.dot(factor, factor) / trace, 1, 1e-13)
    assert.strictEqual(found.layers.length, layers.length)
    for (const [l, value] of layers.entries()) {
      assert.approximately(found.layers[l]! / value, 1, 1e-13)
    }
  })

  it("and by the function of its own memory", () => {
    const [{ layers }] = golden as [(typeof golden)[number]]
    const architecture = Architecture.make({ widths: [5, 7, 6, 4], activation: "relu" })
    const trace = exactTrace({
      features: Float64Array.from({ length: 60 }, (_, i) => 1.3 * Math.sin(2.3 * i + 0.4)),
      dimension: 5,
      architecture,
      loss: "cross entropy",
    })(waves(architecture.dimension).x)
    assert.isAtMost(Vector.distance(trace.layers, Float64Array.from(layers)), 1e-13)
  })
})

describe("networks of any blocks", () => {
  it("the trace of each layer is that of its block of the dense Hessian", () => {
    fc.assert(
      fc.property(structure, (s) => {
        const { architecture, objective, x } = expand(s, "relu")
        const dense = hessianOf(objective, x)
        const { layers, trace } = objective.exactTrace!(x)
        const sums = architecture.layers.map((layer, l) => {
          const end = architecture.layers[l + 1]?.weights ?? x.length
          let sum = 0
          for (let i = layer.weights; i < end; i++) sum += dense[i * x.length + i]!
          return sum
        })
        const scale = 1 + sums.reduce((a, b) => a + Math.abs(b), 0)
        for (const [l, sum] of sums.entries()) {
          assert.isAtMost(Math.abs(layers[l]! - sum) / scale, 1e-12)
        }
        assert.strictEqual(objective.hessianTrace!.value(x), trace)
      }),
      { numRuns: 60 },
    )
  })

  it("the Gauss-Newton factor has that trace, and is the Hessian where the predictions are affine", () => {
    fc.assert(
      fc.property(structure, (s) => {
        const { objective, x } = expand(s, "relu")
        const squares = Vector.dot(factorOf(objective, x), factorOf(objective, x))
        const { trace } = objective.exactTrace!(x)
        assert.isAtMost(Math.abs(squares - trace) / (1 + trace), 1e-12)
      }),
      { numRuns: 60 },
    )
    const linear = network({
      features: Float64Array.from({ length: 3 * 18 }, (_, i) => Math.sin(2 * i)),
      dimension: 18,
      architecture: Architecture.layered({
        input: { height: 3, width: 3, channels: 2 },
        blocks: [Block.convolution({ channels: 3, size: 2 }), Block.averagePool({ size: 2 })],
      }),
      loss: Loss.crossEntropy([0, 1, 2]),
    })
    const { x } = waves(linear.dimension)
    const factor = factorOf(linear, x)
    const n = x.length
    for (const [at, value] of hessianOf(linear, x).entries()) {
      const [i, j] = [Math.floor(at / n), at % n]
      let sum = 0
      for (let row = 0; row < factor.length; row += n) sum += factor[row + i]! * factor[row + j]!
      assert.approximately(sum, value, 1e-14)
    }
  })
})

describe("networks of two layers, without a sweep", () => {
  const samples = 300
  const wavesOf = (length: number, speed: number) =>
    Float64Array.from({ length }, (_, i) => 1.3 * Math.sin(speed * i + 0.4))
  const features = wavesOf(samples * 5, 2.3)
  const kinds = ["squared", "cross entropy", "logistic"] as const
  const traceBy = (
    kernels: Kernels.Kernels,
    architecture: Architecture.Architecture,
    loss: (typeof kinds)[number],
  ) => exactTrace({ features, dimension: 5, architecture, loss, kernels })

  it.each(
    kinds.flatMap((loss) =>
      (["relu", "identity"] as const).flatMap((activation) =>
        [true, false].map((bias) => ({ loss, activation, bias })),
      ),
    ),
  )("$loss of $activation, biases $bias: the sweeps to rounding", ({ activation, bias, loss }) => {
    const architecture = Architecture.make({ widths: [5, 17, 4], activation, bias })
    const x = wavesOf(architecture.dimension, 1.7)
    const swept = traceBy(Kernels.strict(), architecture, loss)(x)
    const found = traceBy(RelaxedKernels.relaxed(), architecture, loss)(x)
    // sums of some thousand terms of one sign
    assert.approximately(found.trace / swept.trace, 1, 1e-13)
    for (const [l, value] of swept.layers.entries()) {
      assert.approximately(found.layers[l]! / value, 1, 1e-13)
    }
  })

  it("and where one class is nearly certain nothing cancels", () => {
    const architecture = Architecture.make({ widths: [5, 17, 4], activation: "relu" })
    const x = wavesOf(architecture.dimension, 1.7)
    // a lead of 30 nats: the other classes have some 1e-13 of the probability
    x[x.length - 1] = 90
    const swept = traceBy(Kernels.strict(), architecture, "cross entropy")(x)
    const found = traceBy(RelaxedKernels.relaxed(), architecture, "cross entropy")(x)
    assert.isBelow(swept.trace, 1e-6)
    assert.approximately(found.trace / swept.trace, 1, 1e-12)
  })

  it("of many classes, and of more layers, it is that of the sweeps to rounding", () => {
    for (const widths of [
      [5, 6, 40],
      [5, 6, 6, 4],
    ]) {
      const architecture = Architecture.make({ widths, activation: "relu" })
      const x = wavesOf(architecture.dimension, 1.7)
      const swept = traceBy(Kernels.strict(), architecture, "cross entropy")(x)
      const found = traceBy(RelaxedKernels.relaxed(), architecture, "cross entropy")(x)
      assert.approximately(found.trace / swept.trace, 1, 1e-13)
    }
  })

  it("a network's own is that of the function, with the kernels of the network", () => {
    const architecture = Architecture.make({ widths: [5, 17, 4], activation: "relu" })
    const x = wavesOf(architecture.dimension, 1.7)
    const loss = Loss.crossEntropy(Int32Array.from({ length: samples }, (_, i) => i % 4))
    const kernels = RelaxedKernels.relaxed()
    const own = network({ features, dimension: 5, architecture, loss, kernels }).exactTrace!(x)
    assert.deepStrictEqual(own, traceBy(kernels, architecture, "cross entropy")(x))
  })
})

describe("the gradient of the trace", () => {
  it("is the slope of the trace along any direction, within the piece", () => {
    fc.assert(
      fc.property(structure, (s) => {
        const { objective, v, x } = expand(s, "relu")
        const { gradient, value } = objective.hessianTrace!
        const slope = new Float64Array(x.length)
        gradient(x, slope)
        const expected = Vector.dot(slope, v)
        // a kink between the points would show as a jump: the smallest step has the last word
        const errors = [1e-5, 1e-6, 1e-7].map((h) => {
          const rise = value(along(x, h, v)) - value(along(x, -h, v))
          return Math.abs(rise / (2 * h) - expected) / (value(x) + Math.abs(expected) + 1)
        })
        assert.isAtMost(Math.min(...errors), 1e-5)
      }),
      { numRuns: 60 },
    )
  })
})

describe("where the theorem does not hold", () => {
  const blocks = [
    Block.residual([Block.convolution({ channels: 1, size: 1 }), Block.activation("tanh")]),
    Block.flatten,
    Block.dense(2),
  ]
  const architecture = Architecture.layered({ input: { height: 1, width: 2, channels: 1 }, blocks })
  const samples = { features: Float64Array.of(1, 2), dimension: 2, architecture }

  it("a bent activation is refused, wherever it is", () => {
    assert.isFalse(isPiecewiseLinear(architecture))
    assert.throws(
      () => exactTrace({ ...samples, loss: "squared" }),
      InvalidInput,
      /the activation tanh is not piecewise linear/,
    )
    const objective = network({ ...samples, loss: Loss.crossEntropy([1]) })
    assert.isUndefined(objective.exactTrace)
    assert.isUndefined(objective.hessianTrace)
    assert.strictEqual(objective.gaussNewton.rows, 2)
  })

  it("samples and parameters of another length are refused", () => {
    const relu = Architecture.make({ widths: [2, 3, 2], activation: "relu" })
    const options = { ...samples, architecture: relu, loss: "squared" } as const
    assert.throws(() => exactTrace(options)(new Float64Array(5)), InvalidInput, /x must be 17/)
    assert.throws(
      () => exactTrace({ ...options, features: Float64Array.of(1), dimension: 1 }),
      InvalidInput,
      /same width/,
    )
  })
})

describe("bad architectures", () => {
  const image = { height: 3, width: 3, channels: 1 }
  const make =
    (blocks: ReadonlyArray<Block.Block>, input: number | Architecture.Shape = image) =>
    () =>
      Architecture.layered({ input, blocks })

  it("are refused with the numbers that show it", () => {
    assert.throws(make([Block.dense(2)]), InvalidInput, /flatten the image first/)
    assert.throws(make([Block.convolution({ channels: 1, size: 4 })]), InvalidInput, /fit into/)
    assert.throws(make([Block.maxPool({ size: 4 })]), InvalidInput, /fit into/)
    assert.throws(make([Block.flatten]), InvalidInput, /a layer with parameters/)
    assert.throws(
      make([Block.convolution({ channels: 1, size: 2, stride: 0 })]),
      InvalidInput,
      /stride/,
    )
    assert.throws(make([Block.convolution({ channels: 0, size: 1 })]), InvalidInput, /channels/)
    assert.throws(
      make([Block.residual([Block.convolution({ channels: 2, size: 1 })])]),
      InvalidInput,
      /same output shape/,
    )
    assert.throws(make([Block.dense(0)], 3), InvalidInput, /outputs/)
    assert.throws(make([Block.dense(1)], 1.5), InvalidInput, /channels/)
  })
})
