/** Batch normalisation: golden values, a plain twin, differences, the symmetry that it brings, and what is refused of it. */
import { Seed, Vector } from "@nonconvex/numerics"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as fc from "fast-check"
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import {
  batchNormalised,
  exactTrace,
  type FiniteSum,
  followStatistics,
  gradientMethod,
  network,
  sgd,
} from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Minibatch from "../../src/Minibatch.ts"
import * as Initialisation from "../../src/network/Initialisation.ts"
import { expand, structure } from "../support/NormalisedNetworks.ts"
import { plain, plainOutputs } from "../support/PlainBatchNormalisation.ts"
import { points } from "../support/Problems.ts"
import {
  curvatureError,
  error,
  gradientOf,
  hessianTimes,
  slopeError,
  valueOf,
} from "../support/Slopes.ts"
import { scales } from "../../src/internal/network/Placement.ts"

const wave = (count: number, f: (i: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => f(i))

describe("golden values, computed with torch 2.15 in float64", () => {
  const golden = JSON.parse(
    readFileSync(new URL("../golden/torch-batch-norm.json", import.meta.url), "utf8"),
  ) as Record<"gradient" | "product" | "running" | "outputs", ReadonlyArray<number>> & {
    readonly loss: number
  }
  const convolution = Block.convolution({ channels: 2, size: 3, padding: "same" })
  const normalise = Block.batchNormalisation({ epsilon: 1e-3 })
  const bend = Block.activation("tanh")
  const architecture = Architecture.layered({
    input: { height: 3, width: 3, channels: 1 },
    blocks: [
      convolution,
      normalise,
      bend,
      Block.residual([convolution, normalise, bend, convolution]),
      bend,
      Block.flatten,
      Block.dense(3),
    ],
  })
  const features = wave(8 * 9, (i) => 1.3 * Math.sin(2.3 * i + 0.4))
  const objective = batchNormalised({
    features,
    dimension: 9,
    architecture,
    loss: Loss.crossEntropy(
      Int32Array.from({ length: 8 }, (_, i) => (3 * i + (i - (i % 3)) / 3) % 3),
    ),
  })
  const x = wave(objective.dimension, (i) => 0.5 * Math.sin(1.7 * (i + 1)))

  it("loss, gradient and Hessian-vector product of a batch", () => {
    assert.approximately(valueOf(objective, x), golden.loss, 1e-14)
    assert.isAtMost(error(gradientOf(objective, x), Float64Array.from(golden.gradient)), 1e-13)
    const v = wave(objective.dimension, (i) => Math.cos(0.9 * (i + 1)))
    assert.isAtMost(error(hessianTimes(objective, x, v), Float64Array.from(golden.product)), 1e-13)
  })

  it("running statistics, and the outputs with them", () => {
    const running = new Float64Array(Architecture.statisticsLength(architecture))
    for (const { channels, means } of architecture.normalisations) {
      running.fill(1, means + channels, means + 2 * channels)
    }
    const batch = new Float64Array(running.length)
    for (let first = 0; first < 8; first += 2) {
      objective.statistics(Uint32Array.of(first, first + 1), x, batch)
      followStatistics(running, batch, 0.1)
    }
    assert.isAtMost(error(running, Float64Array.from(golden.running)), 1e-14)
    const outputs = new Float64Array(8 * 3)
    objective.predict(x, running, features, outputs)
    assert.isAtMost(error(outputs, Float64Array.from(golden.outputs)), 1e-13)
  })
})

describe("a plain twin, sample by sample", () => {
  const { architecture, features, labels, objective } = plain
  const [x] = points(objective.dimension, 1, 1, "plain batch normalisation")

  it("has the same loss of a batch", () => {
    const { loss } = plainOutputs(x!, [0, 3, 4, 6])
    const indices = Uint32Array.of(0, 3, 4, 6)
    const found = objective.batchValueAndGradient(indices, x!, new Float64Array(x!.length))
    assert.approximately(found / loss, 1, 1e-13)
  })

  it("has the same outputs and accuracy with the statistics of another batch", () => {
    const { statistics } = plainOutputs(x!, [1, 2, 5])
    const found = new Float64Array(Architecture.statisticsLength(architecture))
    objective.statistics(Uint32Array.of(1, 2, 5), x!, found)
    assert.isAtMost(error(found, Float64Array.from(statistics)), 1e-13)
    const all = Array.from(labels, (_, i) => i)
    const expected = plainOutputs(x!, all, statistics)
    const outputs = new Float64Array(labels.length * architecture.outputs)
    objective.predict(x!, found, features, outputs)
    assert.isAtMost(error(outputs, Float64Array.from(expected.outputs.flat())), 1e-12)
    const hits = expected.outputs.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i])
    assert.strictEqual(objective.accuracy(x!, found, features, labels), hits.length / labels.length)
  })
})

describe("networks of any blocks", () => {
  it("the gradient is the slope of the loss of a batch along any direction", () => {
    fc.assert(
      fc.property(structure, (s) => {
        assert.isAtMost(slopeError(expand(s), 1e-6), 1e-7)
      }),
    )
  })

  it("the Hessian-vector product is the slope of the gradient", () => {
    fc.assert(
      fc.property(structure, (s) => {
        assert.isAtMost(curvatureError(expand(s), 1e-6), 1e-7)
      }),
    )
  })

  it("weights before a normalisation, times c, with c^2 of its epsilon: the same loss, and the gradient over c and across them", () => {
    fc.assert(
      fc.property(structure, fc.constantFrom(1e-3, 0.3, 7, 1e4), (s, c) => {
        const { first, objective, x } = expand(s)
        const grown = expand({ ...s, epsilon: s.epsilon * c * c })
        const y = x.slice()
        const weights = (from: Float64Array) =>
          from.subarray(first.weights, first.bias! + first.outputs)
        Vector.scale(c, weights(y))
        assert.approximately(valueOf(grown.objective, y) / valueOf(objective, x), 1, 1e-11)
        const [before, after] = [gradientOf(objective, x), gradientOf(grown.objective, y)].map(
          weights,
        )
        assert.isAtMost(
          error(
            after!.map((g) => c * g),
            before!,
          ),
          1e-9,
        )
      }),
    )
    // without an epsilon that counts, the loss is the same along the weights, so that its gradient is across them
    fc.assert(
      fc.property(structure, (s) => {
        const { first, objective, x } = expand({ ...s, epsilon: 1e-14 })
        const of = (from: Float64Array) => from.subarray(first.weights, first.bias)
        const gradient = of(gradientOf(objective, x))
        const lengths = Vector.norm(gradient) * Vector.norm(of(x))
        assert.isAtMost(Math.abs(Vector.dot(gradient, of(x))), 1e-10 * (1 + lengths))
      }),
    )
  })

  it("a bias before a normalisation moves nothing", () => {
    fc.assert(
      fc.property(structure, (s) => {
        const { first, objective, x } = expand(s)
        const gradient = Architecture.biases(first, gradientOf(objective, x))
        assert.isAtMost(Vector.norm(gradient), 1e-10)
      }),
    )
  })

  it("a batch is not its parts: the mean loss of two halves is another number", () => {
    const { objective, size, x } = expand({
      height: 4,
      width: 4,
      channels: 1,
      first: true,
      stride: 1,
      skip: true,
      classify: true,
      samples: 6,
      epsilon: 1e-5,
      seed: 1,
    })
    const scratch = new Float64Array(x.length)
    const of = (from: number, to: number) =>
      objective.batchValueAndGradient(
        Uint32Array.from({ length: to - from }, (_, i) => from + i),
        x,
        scratch,
      )
    const halves = (of(0, size / 2) + of(size / 2, size)) / 2
    assert.isAbove(Math.abs(halves - of(0, size)), 1e-3)
    assert.isTrue(objective.couplesSamples)
  })
})

describe("start", () => {
  it("scales are 1 and shifts 0, so that what is normalised has mean 0 and variance 1", () => {
    const architecture = Architecture.layered({
      input: 3,
      blocks: [Block.dense(4), Block.batchNormalisation(), Block.dense(2)],
    })
    const x = Initialisation.he(architecture, Seed.root(1))
    const [normalisation] = architecture.normalisations
    assert.deepStrictEqual([...scales(normalisation!, x)], [1, 1, 1, 1])
    const shifts = normalisation!.scales + normalisation!.channels
    assert.deepStrictEqual([...x.subarray(shifts, shifts + 4)], [0, 0, 0, 0])
    assert.strictEqual(architecture.name, "3-4-batch norm-2")
  })
})

describe("what is refused", () => {
  const { architecture, objective } = plain
  const samples = { features: plain.features, dimension: architecture.inputs, architecture }
  const loss = Loss.crossEntropy(plain.labels)
  const x = new Float64Array(objective.dimension)

  it("a batch of one", () => {
    const alone = () => objective.batchValueAndGradient(Uint32Array.of(3), x, x.slice())
    assert.throws(alone, InvalidInput, /samples of the batch/)
  })

  it("a network as a mean over samples, its Gauss-Newton factor and its trace by samples", () => {
    assert.throws(() => network({ ...samples, loss }), InvalidInput, /use batchNormalised/)
    assert.throws(
      () => exactTrace({ ...samples, loss: "cross entropy" }),
      InvalidInput,
      /use batchNormalised/,
    )
    assert.notProperty(objective, "gaussNewton")
    assert.notProperty(objective, "exactTrace")
  })

  it("by type, wherever single samples or parts of a batch are asked for", () => {
    // @ts-expect-error no finite sum
    const sum: FiniteSum = objective
    const batches = Minibatch.shuffled(objective, { batchSize: 4, seed: Seed.root(1) })
    // @ts-expect-error no batches of one
    const parts: Minibatch.Minibatch = batches
    assert.strictEqual<unknown>(sum, objective)
    assert.strictEqual<unknown>(parts, batches)
    // a method that takes any objective takes it
    const method = gradientMethod(sgd({ learningRate: 0.1 }))
    assert.isAbove(
      method.step(method.init(batches, Initialisation.he(architecture, Seed.root(2)))),
      0,
    )
  })

  it("statistics of a wrong length or not finite, a share that is none, an epsilon of 0, another width", () => {
    const outputs = new Float64Array(architecture.outputs)
    const row = plain.features.subarray(0, architecture.inputs)
    const length = Architecture.statisticsLength(architecture)
    assert.throws(
      () => objective.predict(x, new Float64Array(1), row, outputs),
      InvalidInput,
      /statistics/,
    )
    assert.throws(
      () => objective.accuracy(x, new Float64Array(length).fill(Number.NaN), row, [0]),
      InvalidInput,
      /statistics/,
    )
    assert.throws(
      () => objective.statistics(Uint32Array.of(0, 1), x, new Float64Array(1)),
      InvalidInput,
      /statistics/,
    )
    assert.throws(() => followStatistics(x, x, 1.5), InvalidInput, /share/)
    assert.throws(() => followStatistics(x, x.subarray(1), 0.5), InvalidInput, /batch/)
    const flat = () =>
      Architecture.layered({ input: 2, blocks: [Block.batchNormalisation({ epsilon: 0 })] })
    assert.throws(flat, InvalidInput, /epsilon/)
    assert.throws(
      () => batchNormalised({ ...samples, dimension: 1, loss }),
      InvalidInput,
      /same width/,
    )
  })

  it("a batch that is too large to pass as a whole", () => {
    const wide = Architecture.layered({
      input: { height: 1, width: 1, channels: 1 },
      blocks: [
        Block.dense(2 ** 22),
        Block.batchNormalisation(),
        Block.averagePool({ size: 1 }),
        Block.dense(1),
      ],
    })
    const vast = batchNormalised({
      features: new Float64Array(9),
      dimension: 1,
      architecture: wide,
      loss: Loss.squared(new Float64Array(9)),
    })
    const point = new Float64Array(wide.dimension)
    assert.throws(() => vast.valueAndGradient(point, point), InvalidInput, /use a smaller one/)
  })
})
