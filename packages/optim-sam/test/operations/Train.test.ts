import { assert, describe, it } from "@effect/vitest"
import { Kernels, Seed } from "@nonconvex/numerics"
import { network } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { gradientsPerStep, train } from "../../src/operations/index.ts"
import type { TrainInput } from "../../src/operations/TrainInput.ts"
import { weightedCrossEntropy } from "../../src/operations/WeightedCrossEntropy.ts"
import { predict } from "../../src/operations/Predict.ts"
import { trainInput } from "../support/Training.ts"

const kernels = Kernels.makeStrict()

const run = (input: TrainInput) => {
  const epochs: Array<number> = []
  return {
    trained: train.run(input, { kernels, report: ({ epoch }) => void epochs.push(epoch) }),
    epochs,
  }
}

/** Without a rate, so that one is found. */
const open = (input: TrainInput, base: TrainInput["recipe"]["base"]): TrainInput => {
  const { learningRate: _given, ...recipe } = input.recipe
  return { ...input, recipe: { ...recipe, base } }
}

describe("a learning rate that is not given", () => {
  it.each(["relu", "tanh", "sigmoid", "softplus", "identity", "square", "cube"] as const)(
    "is one at which %s trains, whatever the base",
    (activation) => {
      for (const base of ["sgd", "momentum", "nesterov", "adamw"] as const) {
        const input = { ...open(trainInput(), base), shape: { hidden: [16], activation } }
        const { constantLoss, loss } = run(input).trained
        assert.isBelow(loss, constantLoss, base)
      }
    },
  )

  it("is the largest of its ladder below the edge of stability, and says which were too large", () => {
    // two features that do not depend on each other, of variance 50: plain gradient descent is stable below 2/50
    const { data, ...rest } = open(trainInput({ method: "plain" }), "sgd")
    const rows = ({ features }: TrainInput["data"]["train"]) => ({
      features: features.map((x: number) => 10 * x),
      target: {
        _tag: "Values" as const,
        values: Float64Array.from({ length: features.length / 2 }, (_, i) => features[2 * i]!),
      },
    })
    const input: TrainInput = {
      ...rest,
      batch: 64,
      shape: { hidden: [], activation: "identity" },
      data: { dimension: 2, train: rows(data.train), test: rows(data.test) },
    }
    const { learningRate, tooLarge } = run(input).trained
    assert.deepStrictEqual([tooLarge, learningRate], [[0.1], 0.025])
  })

  it("is kept where it is given, and diverges then", () => {
    assert.throws(() => run(trainInput({ learningRate: 1e300 })), /diverged/)
  })
})

describe("an early end", () => {
  const { data, ...rest } = trainInput({ base: "adamw", learningRate: 0.05 })
  const noisy = (target: TrainInput["data"]["train"]["target"]) =>
    target._tag === "Classes"
      ? {
          ...target,
          labels: target.labels.map((label: number, i: number) =>
            i % 3 === 0 ? 1 - label : label,
          ),
        }
      : target
  const input: TrainInput = {
    ...rest,
    data: {
      ...data,
      train: { ...data.train, target: noisy(data.train.target) },
      validation: data.test,
    },
    epochs: 200,
    patience: 5,
  }

  it("comes so many epochs after the best, whose parameters are kept", () => {
    const { bestEpoch, epochs, point, train: quality } = run(input).trained
    assert.isBelow(epochs.length, 200)
    assert.strictEqual(epochs.length, bestEpoch + 5)
    const losses = epochs.map(({ validation }) => validation!.loss)
    assert.strictEqual(Math.min(...losses), losses[bestEpoch - 1])
    const short = run({ ...input, epochs: bestEpoch }).trained
    assert.deepStrictEqual(short.point, point)
    assert.deepStrictEqual(short.train, quality)
  })

  it("does not come without patience", () => {
    const { patience: _none, ...patient } = input
    const { bestEpoch, epochs } = run({ ...patient, epochs: 30 }).trained
    assert.strictEqual(epochs.length, 30)
    assert.isAtMost(bestEpoch, 30)
  })
})

describe("class weights", () => {
  const size = 12
  const dimension = 2
  const features = Float64Array.from({ length: size * dimension }, (_, i) => Math.sin(3 * i + 1))
  const labels = Int32Array.from({ length: size }, (_, i) => i % 3)
  const architecture = Architecture.make({ widths: [dimension, 5, 3], activation: "tanh" })
  const point = Initialisation.glorot(architecture, Seed.root(1))
  const of = (loss: Loss.Loss) => network({ features, dimension, architecture, loss, kernels })

  it("that are equal change neither the loss nor its derivatives", () => {
    const [plain, weighted] = [
      of(Loss.crossEntropy(labels)),
      of(weightedCrossEntropy(labels, [3, 3, 3])),
    ]
    const [g, h] = [new Float64Array(point.length), new Float64Array(point.length)]
    const difference = plain.valueAndGradient(point, g) - weighted.valueAndGradient(point, h)
    assert.isBelow(Math.abs(difference), 1e-14)
    g.forEach((value, i) => assert.isBelow(Math.abs(value - h[i]!), 1e-14))
    const v = point.map((_, i) => Math.cos(i))
    plain.hessianVector(point, v, g)
    weighted.hessianVector(point, v, h)
    g.forEach((value, i) => assert.isBelow(Math.abs(value - h[i]!), 1e-13))
  })

  it("have the loss of samples that are repeated as often, and the derivatives of that", () => {
    const repeated = Array.from(labels.keys()).flatMap((i) =>
      Array.from({ length: labels[i]! + 1 }, () => i),
    )
    const expanded = network({
      features: Float64Array.from(
        repeated.flatMap((i) => [...features.subarray(i * dimension, (i + 1) * dimension)]),
      ),
      dimension,
      architecture,
      loss: Loss.crossEntropy(repeated.map((i) => labels[i]!)),
      kernels,
    })
    const weighted = of(weightedCrossEntropy(labels, [1, 2, 3]))
    const [g, h] = [new Float64Array(point.length), new Float64Array(point.length)]
    const difference = expanded.valueAndGradient(point, g) - weighted.valueAndGradient(point, h)
    assert.isBelow(Math.abs(difference), 1e-13)
    g.forEach((value, i) => assert.isBelow(Math.abs(value - h[i]!), 1e-13))
    const v = point.map((_, i) => Math.cos(i))
    expanded.hessianVector(point, v, g)
    weighted.hessianVector(point, v, h)
    g.forEach((value, i) => assert.isBelow(Math.abs(value - h[i]!), 1e-12))
  })

  it("move a training towards the rare class", () => {
    const input = trainInput()
    const { target } = input.data.train
    const labelled = target._tag === "Classes" ? target.labels : new Int32Array()
    // one in eight of a class that nothing tells apart
    const imbalanced = {
      ...input.data.train,
      target: {
        _tag: "Classes" as const,
        labels: labelled.map((_: number, i: number) => (i % 8 === 0 ? 1 : 0)),
      },
    }
    const balancedOf = (classWeights?: ReadonlyArray<number>) => {
      const data = {
        ...input.data,
        train: imbalanced,
        test: imbalanced,
        ...(classWeights && { classWeights }),
      }
      const { train: quality } = run({
        ...input,
        shape: { hidden: [], activation: "relu" },
        data,
      }).trained
      return quality._tag === "Accuracy" ? quality : undefined
    }
    const [plain, weighted] = [balancedOf()!, balancedOf([1, 7])!]
    assert.strictEqual(plain.balanced, 0.5)
    assert.isAbove(weighted.balanced, plain.balanced)
  })
})

describe("predict", () => {
  it("gives what the training measured", () => {
    const input = trainInput()
    const { activation, point, test, widths } = run(input).trained
    const { features, target } = input.data.test
    const outputs = predict.run(
      { widths: widths!, activation: activation!, parameters: point, features },
      { kernels, report: () => assert.fail("it reports nothing") },
    )
    const labels = target._tag === "Classes" ? target.labels : new Int32Array()
    const right = labels.filter(
      (label: number, i: number) => label === (outputs[2 * i + 1]! > outputs[2 * i]! ? 1 : 0),
    ).length
    assert.isTrue(test._tag === "Accuracy" && test.accuracy === right / labels.length)
  })
})

describe("a training that goes on", () => {
  const blocks = [Block.dense(8), Block.activation("gelu"), Block.dense(2)]
  const input = { height: 1, width: 1, channels: 2 }

  it("begins at the parameters that it is given, and leaves them alone", () => {
    const first = run(trainInput()).trained
    const { point: parameters } = first
    const before = parameters.slice()
    const further = run({ ...trainInput(), start: { parameters }, epochs: 5 }).trained
    assert.isBelow(further.epochs[0]!.loss, first.epochs[0]!.loss)
    assert.deepStrictEqual(parameters, before)
    const short = { ...trainInput(), start: { parameters: parameters.slice(1) } }
    assert.throws(() => run(short), /start/)
  })

  it("trains any blocks, and predicts with them as it measured", () => {
    const shape = { input, blocks }
    const { network: name, point, test, widths } = run({ ...trainInput(), shape }).trained
    assert.match(name, /gelu/)
    assert.isUndefined(widths)
    const { features, target } = trainInput().data.test
    const outputs = predict.run(
      { ...shape, parameters: point, features },
      { kernels, report: () => assert.fail("it reports nothing") },
    )
    const labels = target._tag === "Classes" ? target.labels : new Int32Array()
    const right = labels.filter(
      (label: number, i: number) => label === (outputs[2 * i + 1]! > outputs[2 * i]! ? 1 : 0),
    ).length
    assert.isTrue(test._tag === "Accuracy" && test.accuracy === right / labels.length)
  })

  it("keeps the scale of values that it is told", () => {
    const { data, ...rest } = trainInput()
    const rows = ({ features }: TrainInput["data"]["train"]) => ({
      features,
      target: {
        _tag: "Values" as const,
        values: Float64Array.from(
          { length: features.length / 2 },
          (_, i) => 10 + 5 * features[2 * i]!,
        ),
      },
    })
    const { classes: _classes, ...values } = {
      ...data,
      train: rows(data.train),
      test: rows(data.test),
    }
    const linear = { hidden: [], activation: "identity" as const }
    // exact at the start: the values are 10 + 5 x
    const start = { parameters: Float64Array.of(5, 0, 10), targetScale: { shift: 0, scale: 1 } }
    const { targetScale, test } = run({ ...rest, data: values, shape: linear, start }).trained
    assert.deepStrictEqual(targetScale, { shift: 0, scale: 1 })
    assert.isTrue(test._tag === "Error" && test.rootMeanSquare < 1e-12)
  })
})

describe("the gradients of a step", () => {
  it("are those that a training takes of its batches", () => {
    const of = (recipe: Partial<TrainInput["recipe"]>) =>
      gradientsPerStep({ method: "sam", weightDecay: 0, radius: 0.1, ...recipe })
    assert.strictEqual(of({ method: "plain" }), 1)
    assert.strictEqual(of({ radius: 0 }), 1)
    assert.strictEqual(of({}), 2)
    assert.strictEqual(of({ ascents: 3 }), 4)
    assert.strictEqual(of({ every: 2 }), 1.5)
    assert.strictEqual(of({ late: 0.75, every: 5 }), 1.05)
  })
})
