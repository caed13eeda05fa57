import { Kernels, Seed, Vector } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { assert, describe, it } from "vitest"
import { gradientMethod, network, sgd } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Initialisation from "../../src/network/Initialisation.ts"
import * as Memory from "../../src/internal/network/Memory.ts"
import { golden } from "../support/NetworkGolden.ts"
import { features, labels, make, size, targets } from "../support/Networks.ts"
import { points } from "../support/Problems.ts"
import { error, gradientOf, hessianTimes, valueOf } from "../support/Slopes.ts"

const wave = (count: number, f: (i: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => f(i))

describe("golden values, computed with torch 2.15 in float64", () => {
  const activations = {
    relu: "relu",
    tanh: "tanh",
    identity: "identity",
  } as const
  const losses = {
    squared: Loss.squared(wave(10, (i) => Math.cos(1.1 * i))),
    "cross entropy": Loss.crossEntropy([0, 1, 1, 0, 1]),
  }

  it.each(golden)("$activation, $loss, biases $bias", ({ activation, bias, expected, loss }) => {
    const objective = network({
      features: wave(15, (i) => 1.3 * Math.sin(2.3 * i + 0.4)),
      dimension: 3,
      architecture: Architecture.make({
        widths: [3, 4, 3, 2],
        activation: activations[activation],
        bias,
      }),
      loss: losses[loss],
    })
    const count = objective.dimension
    const x = wave(count, (i) => 0.9 * Math.sin(1.7 * (i + 1)))
    const v = wave(count, (i) => Math.cos(0.9 * (i + 1)))
    const w = wave(count, (i) => Math.sin(0.7 * (i + 1)))
    const gradient = gradientOf(objective, x)
    const product = hessianTimes(objective, x, v)
    const found = [
      valueOf(objective, x),
      Vector.dot(w, gradient),
      Vector.norm(gradient),
      Vector.dot(w, product),
      Vector.norm(product),
    ]
    for (const [k, value] of found.entries()) assert.approximately(value, expected[k]!, 2e-14)
  })
})

const cases = [
  { title: "tanh, squared loss", objective: make("tanh", Loss.squared(targets), [5, 4]) },
  {
    title: "relu, cross entropy",
    objective: make("relu", Loss.crossEntropy(labels), [5, 4]),
  },
]

describe.each(cases)("batches: $title", ({ objective }) => {
  const { dimension } = objective
  const [x, v] = points(dimension, 2, 0.8, "parameters")
  const on = (indices: ReadonlyArray<number>) => {
    const gradient = new Float64Array(dimension)
    const product = new Float64Array(dimension)
    const batch = Uint32Array.from(indices)
    const value = objective.batchValueAndGradient(batch, x!, gradient)
    objective.batchHessianVector(batch, x!, v!, product)
    return { value, gradient, product }
  }
  const mean = (parts: ReadonlyArray<{ weight: number; of: ReturnType<typeof on> }>) => {
    const gradient = new Float64Array(dimension)
    const product = new Float64Array(dimension)
    let value = 0
    for (const { of, weight } of parts) {
      value += weight * of.value
      Vector.axpy(weight, of.gradient, gradient)
      Vector.axpy(weight, of.product, product)
    }
    return { value, gradient, product }
  }
  const assertSame = (a: ReturnType<typeof on>, b: ReturnType<typeof on>, tolerance: number) => {
    assert.approximately(a.value, b.value, tolerance)
    assert.isAtMost(error(a.gradient, b.gradient), tolerance)
    assert.isAtMost(error(a.product, b.product), tolerance)
  }
  const all = Array.from({ length: size }, (_, i) => i)

  it("the whole sum is the batch of all samples, and the mean of its parts", () => {
    const whole = on(all)
    assertSame(whole, on(all.toReversed()), 1e-13)
    assert.strictEqual(whole.value, valueOf(objective, x!))
    assert.deepStrictEqual(whole.gradient, gradientOf(objective, x!))
    assert.deepStrictEqual(whole.product, hessianTimes(objective, x!, v!))
    const parts = [all.slice(0, 7), all.slice(7, 150), all.slice(150)].map((indices) => ({
      weight: indices.length / size,
      of: on(indices),
    }))
    assertSame(whole, mean(parts), 1e-13)
  })

  it("a sample that is listed twice counts twice", () => {
    const twice = mean([
      { weight: 2 / 3, of: on([5]) },
      { weight: 1 / 3, of: on([9]) },
    ])
    assertSame(on([5, 9, 5]), twice, 1e-14)
  })

  it("a batch leaves nothing behind for the next", () => {
    const before = on([1, 2, 3])
    on(all)
    assert.deepStrictEqual(on([1, 2, 3]), before)
  })
})

describe("kernels", () => {
  const on = (kernels: Kernels.Kernels) => {
    const objective = network({
      features,
      dimension: 3,
      architecture: Architecture.make({ widths: [3, 20, 20, 2], activation: "tanh" }),
      loss: Loss.crossEntropy(labels),
      kernels,
    })
    const x = Initialisation.glorot(objective.architecture, Seed.root(4))
    const gradient = gradientOf(objective, x)
    return { value: valueOf(objective, x), gradient, product: hessianTimes(objective, x, gradient) }
  }
  const strict = on(Kernels.strict())

  it("the plain TypeScript ones give the same bits as the strict ones", () => {
    assert.deepStrictEqual(on(Kernels.reference()), strict)
  })

  it("the relaxed ones agree to rounding", () => {
    const relaxed = on(RelaxedKernels.relaxed())
    assert.approximately(relaxed.value, strict.value, 1e-14)
    assert.isAtMost(error(relaxed.gradient, strict.gradient), 1e-14)
    assert.isAtMost(error(relaxed.product, strict.product), 1e-14)
  })
})

describe("memory", () => {
  it("is laid out once for each number of rows, over the same arrays", () => {
    const architecture = Architecture.make({ widths: [3, 4, 2], activation: "relu" })
    const memory = Memory.memory(Kernels.strict(), architecture, 10)
    const [small, large] = [memory.frame(4), memory.frame(10)]
    assert.strictEqual(memory.frame(4), small)
    assert.strictEqual(small.input.buffer, large.input.buffer)
    assert.strictEqual(small.output.value.buffer, large.output.value.buffer)
    assert.strictEqual(small.output.value.length, 8)
  })
})

describe("prediction", () => {
  const objective = make("tanh", Loss.crossEntropy(labels), [8])
  const start = Initialisation.glorot(objective.architecture, Seed.root(3))

  it("the loss is that of the predictions", () => {
    const outputs = new Float64Array(size * 2)
    objective.predict(start, features, outputs)
    let sum = 0
    for (let i = 0; i < size; i++) {
      const [a, b] = [outputs[2 * i]!, outputs[2 * i + 1]!]
      sum += Math.log(Math.exp(a) + Math.exp(b)) - outputs[2 * i + labels[i]!]!
    }
    assert.approximately(valueOf(objective, start), sum / size, 1e-13)
  })

  it("training on separable labels raises the accuracy to 1", () => {
    const separable = Int32Array.from({ length: size }, (_, i) => (features[3 * i]! > 0 ? 1 : 0))
    const easy = make("tanh", Loss.crossEntropy(separable), [8])
    const method = gradientMethod(sgd({ learningRate: 1 }))
    const state = method.init(easy, start)
    assert.isBelow(easy.accuracy(start, features, separable), 0.9)
    for (let step = 0; step < 500; step++) method.step(state)
    assert.isAbove(easy.accuracy(state.point, features, separable), 0.99)
  })

  it("of equal outputs the first counts", () => {
    const zero = new Float64Array(objective.dimension)
    assert.strictEqual(objective.accuracy(zero, Float64Array.of(1, 2, 3), [0]), 1)
    assert.strictEqual(objective.accuracy(zero, Float64Array.of(1, 2, 3), [1]), 0)
  })
})
