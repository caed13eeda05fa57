import { assert, describe, it } from "@effect/vitest"
import { Seed, Vector } from "@nonconvex/numerics"
import { grouped, Perturbation } from "@nonconvex/optim-sam"
import { sgd } from "@nonconvex/problems"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import * as tf from "@tensorflow/tfjs"
import { functionObjective, modelObjective, softmaxCrossEntropy } from "../../src/index.ts"
import { assertClose, assertThrows } from "../support/Assert.ts"
import { useBackend } from "../support/Backend.ts"
import { bits, convolutional, data, normalised, normals, perceptron } from "../support/Models.ts"
import {
  LossNotScalar,
  NoTrainableWeights,
  ShapeMismatch,
  WeightsDisposed,
} from "../../src/Failures.ts"

useBackend()

const at = (
  objective: {
    readonly dimension: number
    valueAndGradient(x: Float64Array, g: Float64Array): number
  },
  x: Float64Array,
) => {
  const gradient = new Float64Array(objective.dimension)
  return { value: objective.valueAndGradient(x, gradient), gradient }
}

describe("modelObjective", () => {
  it("is the loss that the model trains on, with penalties", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          inputShape: [4],
          units: 3,
          kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
        }),
      ],
    })
    model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" })
    const { inputs, targets } = data(9)
    const objective = modelObjective(model, { inputs, targets, loss: tf.metrics.meanSquaredError })
    const trained = (await model.trainOnBatch(inputs, targets)) as number
    assert.closeTo(at(objective, objective.read()).value, trained, 1e-6 * trained)
    assert.strictEqual(objective.precision, "float32")
  })

  it("takes targets without an axis of their own as `fit` does", () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] })
    const inputs = normals("inputs", [4, 2])
    const targets = normals("targets", [4])
    const loss = tf.metrics.meanSquaredError
    const flat = modelObjective(model, { inputs, targets, loss })
    const column = modelObjective(model, { inputs, targets: targets.reshape([4, 1]), loss })
    assert.deepStrictEqual(at(flat, flat.read()), at(column, column.read()))
    const some = Uint32Array.of(2, 0)
    const gradients = [flat, column].map((objective) => {
      const gradient = new Float64Array(objective.dimension)
      objective.batchValueAndGradient(some, objective.read(), gradient)
      return gradient
    })
    assert.deepStrictEqual(gradients[0], gradients[1])
  })

  it("has the gradient of differences of the loss", () => {
    const { inputs, targets } = data(12)
    const objective = modelObjective(perceptron(), { inputs, targets, loss: softmaxCrossEntropy })
    const x = objective.read()
    const { gradient } = at(objective, x)
    const v = normals("direction", [x.length]).dataSync()
    const h = 1e-2
    const moved = (side: number) =>
      at(
        objective,
        x.map((w, i) => w + side * h * v[i]!),
      ).value
    assert.closeTo(
      Vector.dot(gradient, Float64Array.from(v)),
      (moved(1) - moved(-1)) / (2 * h),
      2e-3,
    )
  })

  it("reads and writes the weights as a flat vector", () => {
    const { inputs, targets } = data(3)
    const model = perceptron()
    const objective = modelObjective(model, { inputs, targets, loss: softmaxCrossEntropy })
    const x = objective.read()
    assert.strictEqual(x.length, 43)
    const doubled = x.map((w) => 2 * w)
    objective.write(doubled)
    assert.deepStrictEqual(objective.read(), doubled)
    assert.strictEqual(model.trainableWeights[0]!.read().dataSync()[1], doubled[1])
  })

  it("leaves weights and moving statistics as they were, bit for bit, in either mode", () => {
    const { inputs, targets } = data(12)
    for (const mode of ["inference", "training"] as const) {
      const model = normalised()
      const before = bits(model)
      const objective = modelObjective(model, { inputs, targets, loss: softmaxCrossEntropy, mode })
      const x = objective.read()
      at(
        objective,
        x.map((w) => w + 0.1),
      )
      objective.hessianVector(x, x.slice(), new Float64Array(x.length))
      assert.deepStrictEqual(bits(model), before)
    }
  })

  it("draws the same dropout mask at every evaluation, another one for another seed", () => {
    const { inputs, targets } = data(12)
    const model = normalised()
    const options = { inputs, targets, loss: softmaxCrossEntropy, mode: "training" } as const
    const objective = modelObjective(model, options)
    const x = objective.read()
    const { value } = at(objective, x)
    assert.strictEqual(at(objective, x).value, value)
    const other = modelObjective(model, { ...options, seed: Seed.root("other") })
    assert.notStrictEqual(at(other, x).value, value)
    const inference = modelObjective(model, { ...options, mode: "inference" })
    assert.notStrictEqual(at(inference, x).value, value)
  })

  it("sums over batches what it sums at once", () => {
    const { inputs, targets } = data(11)
    const model = perceptron()
    const options = { inputs, targets, loss: softmaxCrossEntropy }
    const whole = modelObjective(model, options)
    const cut = modelObjective(model, { ...options, batchSize: 4 })
    const x = whole.read()
    const [expected, actual] = [at(whole, x), at(cut, x)]
    assert.closeTo(actual.value, expected.value, 1e-6)
    assertClose(actual.gradient, expected.gradient, 1e-6)
    const v = x.map((_, i) => Math.sin(i))
    const [a, b] = [new Float64Array(x.length), new Float64Array(x.length)]
    whole.hessianVector(x, v, a)
    modelObjective(model, {
      ...options,
      batchSize: 4,
      secondOrder: "double gradient",
    }).hessianVector(x, v, b)
    assertClose(b, a, 2e-3)
  })

  it("is a finite sum: a batch of all is the whole, and m-SAM of the core runs on it", () => {
    const { inputs, targets } = data(6)
    const objective = modelObjective(perceptron(), { inputs, targets, loss: softmaxCrossEntropy })
    const x = objective.read()
    const gradient = new Float64Array(x.length)
    const value = objective.batchValueAndGradient(Uint32Array.of(0, 1, 2, 3, 4, 5), x, gradient)
    const expected = at(objective, x)
    assert.closeTo(value, expected.value, 1e-6)
    assertClose(gradient, expected.gradient, 1e-6)
    const method = grouped(Perturbation.normalised(0.05), sgd({ learningRate: 0.1 }), { size: 2 })
    const state = method.init(Minibatch.fullBatch(objective), x)
    for (let t = 0; t < 5; t++) method.step(state)
    assert.strictEqual(state.status, "running")
    assert.isBelow(at(objective, state.point).value, expected.value)
  })

  it("takes a model of several inputs and outputs, and frozen layers as constants", () => {
    const [a, b] = [tf.input({ shape: [2] }), tf.input({ shape: [3] })]
    const shared = tf.layers.dense({ units: 4, trainable: false })
    const joined = tf.layers.concatenate().apply([shared.apply(a), b] as Array<tf.SymbolicTensor>)
    const outputs = [1, 2].map(
      (units) => tf.layers.dense({ units }).apply(joined) as tf.SymbolicTensor,
    )
    const model = tf.model({ inputs: [a, b], outputs })
    const objective = modelObjective(model, {
      inputs: [normals("a", [5, 2]), normals("b", [5, 3])],
      targets: [normals("c", [5, 1]), normals("d", [5, 2])],
      loss: tf.metrics.meanSquaredError,
    })
    assert.strictEqual(objective.dimension, 7 * 1 + 1 + 7 * 2 + 2)
    assert.isAbove(Vector.norm(at(objective, objective.read()).gradient), 0)
  })
})

describe("bad input", () => {
  const options = (size = 6) => ({ ...data(size), loss: softmaxCrossEntropy })

  it("a model with no trainable weights, because there are none or because all are frozen", () => {
    const empty = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [3, 1] })] })
    const none = assertThrows(() => modelObjective(empty, options()), NoTrainableWeights)
    assert.match(none.message, /there are no trainable weights/)
    const model = perceptron()
    for (const layer of model.layers) layer.trainable = false
    const frozen = assertThrows(() => modelObjective(model, options()), NoTrainableWeights)
    assert.match(frozen.message, /all 4 weights are frozen/)
    assertThrows(() => functionObjective(() => tf.scalar(1), []), NoTrainableWeights)
  })

  it("data of other shapes", () => {
    const { inputs, targets } = data(6)
    const model = perceptron()
    const cases: ReadonlyArray<readonly [Partial<Parameters<typeof modelObjective>[1]>, RegExp]> = [
      [
        { inputs: normals("wide", [6, 5]) },
        /shape of input 0 must be \[samples, 4\], but is \[6, 5\]/,
      ],
      [{ inputs: [inputs, inputs] }, /number of inputs must be 1, but is 2/],
      [
        { targets: data(5).targets },
        /number of samples must be 6 in all inputs and targets, but is 5/,
      ],
      [{ inputs: normals("none", [0, 4]), targets: normals("none", [0, 3]) }, /at least 1/],
      [{ loss: [] }, /number of losses must be 1 or 1, but is 0/],
    ]
    for (const [change, message] of cases) {
      const error = assertThrows(
        () => modelObjective(model, { inputs, targets, loss: softmaxCrossEntropy, ...change }),
        ShapeMismatch,
      )
      assert.match(error.message, message)
    }
  })

  it("a loss that is not scalar", () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    const objective = functionObjective(() => w.square(), [w])
    const error = assertThrows(() => at(objective, Float64Array.of(1, 2)), LossNotScalar)
    assert.deepStrictEqual(error.shape, [2])
    assert.deepStrictEqual(Array.from(w.dataSync()), [1, 2])
  })

  it("points and indices out of range", () => {
    const objective = modelObjective(perceptron(), options())
    assert.throws(() => at(objective, new Float64Array(3)), /the length of x must be 43/)
    assert.throws(() => objective.write(new Float64Array(3)), /the length of point must be 43/)
    const gradient = new Float64Array(43)
    assert.throws(
      () => objective.batchValueAndGradient(Uint32Array.of(6), objective.read(), gradient),
      /indices must be some of 0 to 5/,
    )
  })

  it("a model that was disposed of", () => {
    const model = convolutional()
    const objective = modelObjective(model, {
      ...data(6, [8, 8, 1]),
      loss: softmaxCrossEntropy,
    })
    const x = objective.read()
    model.dispose()
    for (const use of [() => at(objective, x), () => objective.read(), () => objective.write(x)]) {
      assertThrows(use, WeightsDisposed)
    }
  })

  it("a loss that throws leaves the weights and no tensor behind", () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    let fails = false
    const objective = functionObjective(() => {
      const value = w.tanh().square().sum()
      if (fails) throw new Error("no")
      return value
    }, [w])
    at(objective, Float64Array.of(1, 1))
    const before = tf.memory().numTensors
    fails = true
    assert.throws(() => at(objective, Float64Array.of(3, 3)), /no/)
    assert.deepStrictEqual(Array.from(w.dataSync()), [1, 2])
    assert.strictEqual(tf.memory().numTensors, before)
  })
})
