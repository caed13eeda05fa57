/** A thousand steps of every tool leave as many tensors as there were. */
import { assert, describe, it } from "@effect/vitest"
import { Seed } from "@nonconvex/numerics"
import * as tf from "@tensorflow/tfjs"
import {
  adviseRadius,
  asam,
  catapultWatch,
  certifyModel,
  diagnoseNormalisation,
  functionObjective,
  gradientOuterProduct,
  modelObjective,
  sam,
  sharpnessLog,
  softmaxCrossEntropy,
  tangentKernel,
} from "../src/index.ts"
import { useBackend } from "./support/Backend.ts"
import {
  data,
  leaked,
  normalised,
  perceptron,
  quietly,
  seeded,
  variables,
} from "./support/Models.ts"

useBackend()

const steps = 1000

/** After a first round, which may build what stays. */
const assertSteady = async (round: () => unknown, count = steps): Promise<void> => {
  await round()
  const lost = await leaked(async () => {
    for (let t = 1; t < count; t++) await round()
  })
  assert.strictEqual(lost, 0)
}

const small = () =>
  seeded(
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [2], units: 2, activation: "tanh" }),
        tf.layers.dense({ units: 1 }),
      ],
    }),
  )

const few = () => ({ inputs: tf.ones([2, 2]), targets: tf.zeros([2, 1]) })

describe("the tensors of a thousand steps", () => {
  it("of the optimizers", async () => {
    const { inputs, targets } = data(6)
    const model = normalised()
    const loss = () =>
      tf.mean<tf.Scalar>(
        softmaxCrossEntropy(targets, model.apply(inputs, { training: true }) as tf.Tensor),
      )
    for (const optimizer of [
      sam(tf.train.adam(0.001), { ascentSteps: 2 }),
      asam(tf.train.momentum(0.001, 0.9)),
    ]) {
      await assertSteady(() => optimizer.minimize(loss, false, variables(model)), steps / 2)
      await assertSteady(() => optimizer.minimize(loss, true, variables(model))!.dispose(), 10)
      optimizer.dispose()
    }
  })

  it("of a fit with metrics and callbacks, and of single batches", async () => {
    const { inputs, targets } = data(30)
    const model = perceptron()
    const optimizer = sam(tf.train.sgd(0.01))
    model.compile({ optimizer, loss: "meanSquaredError", metrics: ["accuracy"] })
    const objective = modelObjective(model, { inputs, targets, loss: tf.metrics.meanSquaredError })
    const log = sharpnessLog(objective, { every: 10, optimizer })
    const watch = catapultWatch({ objective, learningRate: 0.01 })
    const fit = (epochs: number) =>
      model.fit(inputs, targets, quietly({ epochs, batchSize: 6, callbacks: [log, watch] }))
    await fit(1)
    assert.strictEqual(await leaked(() => fit(steps / 5)), 0)
    // the metrics of a batch's second pass go with the next step
    await assertSteady(() => model.trainOnBatch(inputs, targets), 20)
  })

  it("of the objective, in either mode and either second order", async () => {
    const { inputs, targets } = data(6)
    const model = normalised()
    const options = { inputs, targets, loss: softmaxCrossEntropy, batchSize: 4 }
    const inference = modelObjective(model, options)
    const training = modelObjective(model, { ...options, mode: "training" })
    const double = modelObjective(perceptron(), { ...options, secondOrder: "double gradient" })
    const x = inference.read()
    const y = double.read()
    const [out, outer] = [new Float64Array(x.length), new Float64Array(y.length)]
    await assertSteady(() => {
      inference.valueAndGradient(x, out)
      training.batchValueAndGradient(Uint32Array.of(0, 3), x, out)
      inference.write(x)
    }, steps / 2)
    await assertSteady(() => {
      inference.hessianVector(x, x, out)
      double.hessianVector(y, y, outer)
      // each of them takes three gradients or more
    }, steps / 4)
  })

  it("of tangent kernel and gradient outer product", async () => {
    const model = small()
    const { inputs } = few()
    await assertSteady(() => {
      tangentKernel(model, inputs)
      gradientOuterProduct(model, inputs)
    }, steps / 2)
  })

  it("of certificate, advice and diagnosis, which take hundreds of gradients each", async () => {
    const w = tf.variable(tf.tensor1d([1, 1]))
    const objective = functionObjective(() => w.prod().sub(1).square().div(2), [w])
    await assertSteady(() => {
      certifyModel(objective, { lossTolerance: 1e-4, seed: Seed.root("memory") })
      adviseRadius(objective, { learningRate: 0.1, radius: 0.05, tolerance: 1e-3 })
      diagnoseNormalisation(objective, { learningRate: 0.1, radius: 0.05, steps: 20 })
    }, 10)
  })

  it("of errors, of which each leaves nothing", async () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    const optimizer = sam(tf.train.sgd(0.1))
    let calls = 0
    const failing = () => {
      const value = w.tanh().square().sum<tf.Scalar>()
      if (++calls % 2 === 0) throw new Error("in the second pass")
      return value
    }
    const double = functionObjective(
      () => tf.losses.softmaxCrossEntropy(tf.tensor1d([1, 0]), w.square()),
      [w],
      { secondOrder: "double gradient" },
    )
    await assertSteady(() => {
      assert.throws(() => optimizer.minimize(failing, true, [w]), /second pass/)
      assert.throws(
        () => optimizer.minimize(() => w.log().neg().sqrt().sum(), true, [w]),
        /not finite/,
      )
      assert.throws(() =>
        double.hessianVector(Float64Array.of(1, 2), Float64Array.of(1, 1), new Float64Array(2)),
      )
    }, 100)
    assert.deepStrictEqual(Array.from(w.dataSync()), [1, 2])
  })
})
