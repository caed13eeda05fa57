import { assert, describe, it } from "@effect/vitest"
import { everyNth } from "@nonconvex/optim-sam"
import * as tf from "@tensorflow/tfjs"
import { asam, pNormSam, sam, unifiedSam, usam } from "../../src/index.ts"
import { type SharpnessAwareOptimizer } from "../../src/optimizer/SharpnessAwareOptimizer.ts"
import { assertClose, assertRejects, assertThrows } from "../support/Assert.ts"
import { useBackend } from "../support/Backend.ts"
import { bits, data, perceptron, quietly, variables } from "../support/Models.ts"
import {
  LossNotScalar,
  NotFinite,
  NoTrainableWeights,
  WeightsDisposed,
} from "../../src/Failures.ts"

useBackend()

/** (1/2) w' H w of the spec's golden quadratic. */
const quadratic = (w: tf.Tensor): tf.Scalar => {
  const h = tf.tensor2d([
    [3, 1, 0],
    [1, 2, 0.5],
    [0, 0.5, 1],
  ])
  return h.matMul(w.expandDims(1)).squeeze([1]).mul(w).sum().div(2)
}

const factorisation = (w: tf.Tensor): tf.Scalar => w.prod().square().div(2)

/** The weights after each of `steps` steps. */
const path = (
  optimizer: SharpnessAwareOptimizer,
  loss: (w: tf.Tensor) => tf.Scalar,
  start: ReadonlyArray<number>,
  steps: number,
): ReadonlyArray<ReadonlyArray<number>> => {
  const w = tf.variable(tf.tensor1d([...start]))
  return Array.from({ length: steps }, () => {
    optimizer.minimize(() => loss(w), false, [w])
    return Array.from(w.dataSync())
  })
}

describe("the family", () => {
  it("takes the steps of the golden vectors, to float32", () => {
    const quadratics = [
      [
        sam,
        [
          [0.8957892403946675, -1.6449955674986807, 0.5815806970399945],
          [0.7698620381698495, -1.3650546296344763, 0.6330601530348113],
          [0.6440371485498018, -1.1382589359121091, 0.660979830799304],
        ],
      ],
      [
        usam,
        [
          [0.8875, -1.4875, 0.64375],
          [0.68203125, -1.190625, 0.702890625],
          [0.535552734375, -0.966533203125, 0.7204482421875],
        ],
      ],
    ] as const
    for (const [make, expected] of quadratics) {
      const found = path(make(tf.train.sgd(0.1), { radius: 0.5 }), quadratic, [1, -2, 0.5], 3)
      found.forEach((point, t) => assertClose(point, expected[t]!, 1e-6))
    }
    const bounced = path(sam(tf.train.sgd(0.0625), { radius: 0.25 }), factorisation, [2, 3], 2)
    assertClose(bounced[0]!, [0.6405154716078751, 2.0436222656480862], 2e-6)
    assertClose(bounced[1]!, [0.39395853871960873, 1.9413080753435288], 2e-6)
  })

  it("has its members where they meet: unified at 1 and 0, ASAM and p-norm at their definitions", () => {
    const from = [1, -2, 0.5]
    const first = (optimizer: SharpnessAwareOptimizer) => path(optimizer, quadratic, from, 1)[0]!
    const base = () => tf.train.sgd(0.1)
    const radius = 0.25
    assertClose(
      first(unifiedSam(base(), { radius, normalisation: 1 })),
      first(sam(base(), { radius })),
      1e-7,
    )
    assertClose(
      first(unifiedSam(base(), { radius, normalisation: 0 })),
      first(usam(base(), { radius })),
      1e-7,
    )
    assertClose(first(pNormSam(base(), { radius, p: 2 })), first(sam(base(), { radius })), 1e-7)
    // g = (1, -2.75, -0.5); sign ascent; then the gradient H (w + e)
    assertClose(
      first(pNormSam(base(), { radius, p: Infinity })),
      [1 - 0.1 * 1.5, -2 - 0.1 * -3.125, 0.5 - 0.1 * -0.875],
      1e-6,
    )
    const g = [1, -2.75, -0.5]
    const scaled = g.map((value, i) => Math.abs(from[i]!) * value)
    const length = Math.hypot(...scaled)
    const e = scaled.map((value, i) => (radius * Math.abs(from[i]!) * value) / length)
    const [x, y, z] = from.map((value, i) => value + e[i]!) as [number, number, number]
    const second = [3 * x + y, x + 2 * y + 0.5 * z, 0.5 * y + z]
    assertClose(
      first(asam(base(), { radius, offset: 0 })),
      from.map((value, i) => value - 0.1 * second[i]!),
      1e-6,
    )
  })

  it("is its base, bit for bit, with radius 0, at the cost of one gradient", () => {
    const model = perceptron()
    const twin = perceptron()
    const { inputs, targets } = data(12)
    let evaluations = 0
    const lossOf = (of: tf.LayersModel) => () => {
      evaluations++
      return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(
        targets,
        of.apply(inputs) as tf.Tensor,
      )
    }
    const optimizer = sam(tf.train.adam(0.01), { radius: everyNth(3, 0) })
    const plain = tf.train.adam(0.01)
    for (let t = 0; t < 5; t++) {
      optimizer.minimize(lossOf(model), false, variables(model))
      plain.minimize(lossOf(twin), false, variables(twin))
    }
    assert.deepStrictEqual(bits(model), bits(twin))
    assert.strictEqual(evaluations, 10)
  })

  it("perturbs every third step on a schedule, and ascends twice where it is asked to", () => {
    let evaluations = 0
    const counted = (w: tf.Tensor) => {
      evaluations++
      return quadratic(w)
    }
    const third = sam(tf.train.sgd(0.1), { radius: everyNth(3, 0.1) })
    path(third, counted, [1, -2, 0.5], 1)
    assert.strictEqual(evaluations, 2)
    path(third, counted, [1, -2, 0.5], 5)
    assert.strictEqual(evaluations, 8)
    evaluations = 0
    path(sam(tf.train.sgd(0.1), { radius: 0.1, ascentSteps: 2 }), counted, [1, -2, 0.5], 2)
    assert.strictEqual(evaluations, 6)
  })

  it("leaves the weights bit for bit where the base learning rate is 0, and ticks where the gradient is 0", () => {
    const model = perceptron()
    const before = bits(model)
    const { inputs, targets } = data(12)
    const optimizer = sam(tf.train.sgd(0), { radius: 0.3 })
    const loss = () =>
      tf.losses.meanSquaredError<tf.Tensor, tf.Scalar>(targets, model.apply(inputs) as tf.Tensor)
    for (let t = 0; t < 3; t++) {
      optimizer.minimize(loss, false, variables(model))
    }
    assert.deepStrictEqual(bits(model), before)
    const [rest] = path(sam(tf.train.sgd(0.1)), quadratic, [0, 0, 0], 1)
    assert.deepStrictEqual(rest, [0, 0, 0])
    assert.strictEqual(optimizer.steps, 3)
  })

  it("perturbs by its radius, for gradients from 1e-30 to 1e30", () => {
    for (const decade of [-30, -20, -8, 0, 8, 20, 30]) {
      const w = tf.variable(tf.tensor1d([1, -2, 0.5]))
      const seen: Array<Float32Array> = []
      const loss = () => {
        seen.push(w.dataSync().slice() as Float32Array)
        return quadratic(w).mul<tf.Scalar>(10 ** decade)
      }
      sam(tf.train.sgd(0), { radius: 0.3 }).minimize(loss, false, [w])
      const [before, after] = seen as [Float32Array, Float32Array]
      const length = Math.hypot(...after.map((value, i) => value - before[i]!))
      // half an ulp of 2 in each coordinate
      assert.closeTo(length, 0.3, 2 ** -23 * Math.sqrt(3), `1e${decade}`)
    }
  })

  it("measures the curvature along its perturbation, and warns of a radius that float32 cannot resolve", () => {
    const w = tf.variable(tf.tensor1d([1, 0.001]))
    const loss = () =>
      w
        .square()
        .mul(tf.tensor1d([5, 0.5]))
        .sum<tf.Scalar>()
    const optimizer = sam(tf.train.sgd(0.01), { radius: 0.1 })
    assert.isUndefined(optimizer.telemetry())
    optimizer.minimize(loss, false, [w])
    const { directionalSharpness, sharpnessGap } = optimizer.telemetry()!
    assert.closeTo(directionalSharpness, 10, 1e-3)
    assert.closeTo(sharpnessGap, 5 * (1.1 ** 2 - 1), 1e-4)
    assert.isTrue(optimizer.isResolved)
    const tiny = sam(tf.train.sgd(0.01), { radius: 1e-7 })
    tiny.minimize(loss, false, [w])
    assert.isFalse(tiny.isResolved)
  })
})

describe("bad input", () => {
  const nan = (w: tf.Tensor) => () => w.sub(5).log().sum<tf.Scalar>()

  it("a loss that is not finite: the step throws, the weights stay, nothing leaks", () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    const optimizer = sam(tf.train.sgd(0.1))
    const before = tf.memory().numTensors
    const error = assertThrows(() => optimizer.minimize(nan(w), true, [w]), NotFinite)
    assert.strictEqual(error.at, "the point")
    assert.strictEqual(error.quantity, "loss")
    assert.deepStrictEqual(Array.from(w.dataSync()), [1, 2])
    assert.strictEqual(tf.memory().numTensors, before)
    assert.strictEqual(optimizer.steps, 0)
  })

  it("a loss that is not finite at the perturbed point only, thrown or skipped", () => {
    // the ascent of -sqrt runs into the negative numbers
    const loss = (w: tf.Tensor) => () => w.sqrt().sum().neg() as tf.Scalar
    const w = tf.variable(tf.tensor1d([0.01]))
    const thrower = sam(tf.train.sgd(0.1), { radius: 0.1 })
    const skipper = sam(tf.train.sgd(0.1), { radius: 0.1, onNotFinite: "skip" })
    const before = tf.memory().numTensors
    const error = assertThrows(() => thrower.minimize(loss(w), true, [w]), NotFinite)
    assert.strictEqual(error.at, "the perturbed point")
    skipper.minimize(loss(w), false, [w])
    assert.strictEqual(skipper.status, "diverged")
    assert.strictEqual(skipper.steps, 0)
    assert.strictEqual(w.dataSync()[0], Math.fround(0.01))
    assert.strictEqual(tf.memory().numTensors, before)
    skipper.minimize(() => w.square().sum(), false, [w])
    assert.strictEqual(skipper.status, "running")
  })

  it("a loss that is not scalar, and no trainable weights", () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    const optimizer = sam(tf.train.sgd(0.1))
    const vector = () => w.square() as unknown as tf.Scalar
    assertThrows(() => optimizer.minimize(vector, true, [w]), LossNotScalar)
    const frozen = tf.variable(tf.scalar(1), false)
    assertThrows(
      () => optimizer.minimize(() => frozen.square(), true, [frozen]),
      NoTrainableWeights,
    )
    assertThrows(() => optimizer.minimize(() => tf.scalar(1), true, []), NoTrainableWeights)
  })

  it("a throw of the loss in the second pass: the weights come back, nothing leaks", () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    const optimizer = sam(tf.train.sgd(0.1))
    let calls = 0
    const loss = () => {
      const value = w.tanh().sum<tf.Scalar>()
      tf.keep(value.square())
      if (++calls === 2) throw new Error("in the second pass")
      return value
    }
    const before = tf.memory().numTensors
    assert.throws(() => optimizer.minimize(loss, true, [w]), /in the second pass/)
    assert.deepStrictEqual(Array.from(w.dataSync()), [1, 2])
    assert.strictEqual(tf.memory().numTensors, before)
  })

  it("disposal of the model during the training", async () => {
    const { inputs, targets } = data(12)
    const model = perceptron()
    model.compile({ optimizer: sam(tf.train.sgd(0.1)), loss: "meanSquaredError" })
    // here the model itself notices, before any optimizer is called
    const error = await assertRejects(
      () =>
        model.fit(
          inputs,
          targets,
          quietly({
            batchSize: 4,
            epochs: 2,
            callbacks: {
              onBatchEnd: (batch: number) => {
                if (batch === 1) for (const layer of model.layers) layer.dispose()
              },
            },
          }),
        ),
      Error,
    )
    assert.match(error.message, /is already disposed/)
    const w = tf.variable(tf.tensor1d([1, 2]))
    let calls = 0
    const loss = () => {
      const value = w.square().sum<tf.Scalar>()
      if (++calls === 2) w.dispose()
      return value
    }
    const typed = assertThrows(
      () => sam(tf.train.sgd(0.1)).minimize(loss, true, [w]),
      WeightsDisposed,
    )
    assert.match(typed.message, /dispose the model only after the training/)
  })

  it("radii and counts that make no sense", () => {
    assert.throws(() => sam(tf.train.sgd(0.1), { radius: -1 }), /radius must be a finite number/)
    assert.throws(
      () => sam(tf.train.sgd(0.1), { ascentSteps: 0 }),
      /ascentSteps must be an integer/,
    )
    assert.throws(() => pNormSam(tf.train.sgd(0.1), { p: 1 }), /p must be greater than 1/)
    assert.throws(() => asam(tf.train.sgd(0.1), { offset: -1 }), /offset must be/)
  })
})
