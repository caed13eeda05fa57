/** Tangent kernel, AGOP, certificate, advice, diagnosis and the callbacks of fit. */
import { assert, describe, it } from "@effect/vitest"
import { certify, squareLossModel } from "@nonconvex/flat-minima"
import { Seed, Vector } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as tf from "@tensorflow/tfjs"
import {
  adviseRadius,
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
} from "../../src/index.ts"
import { assertClose, assertThrows } from "../support/Assert.ts"
import { useBackend } from "../support/Backend.ts"
import { convolutional, data, normals, perceptron, quietly } from "../support/Models.ts"
import { NoTrainableWeights, ShapeMismatch } from "../../src/Failures.ts"

useBackend()

/** One dense layer without a bias; its kernel is [inputs, units]. */
const linear = (inputs: number, units: number, kernel: tf.Tensor): tf.LayersModel => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ inputShape: [inputs], units, useBias: false })],
  })
  model.setWeights([kernel])
  return model
}

describe("tangentKernel", () => {
  it("of a linear model is the Gram matrix of the inputs, once for each output", () => {
    const inputs = normals("inputs", [5, 3])
    const { criticalRate, eigenvalues, matrix, size, topEigenvalue, trace } = tangentKernel(
      linear(3, 2, normals("kernel", [3, 2])),
      inputs,
    )
    assert.strictEqual(size, 10)
    const x = inputs.arraySync() as ReadonlyArray<ReadonlyArray<number>>
    const gram = (i: number, j: number) =>
      x[i]!.reduce((sum, value, k) => sum + value * x[j]![k]!, 0)
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 5; j++) {
        assert.closeTo(matrix[2 * i * 10 + 2 * j]!, gram(i, j), 1e-6)
        assert.closeTo(matrix[2 * i * 10 + 2 * j + 1]!, 0, 1e-6)
      }
    }
    assert.closeTo(trace, 2 * [0, 1, 2, 3, 4].reduce((sum, i) => sum + gram(i, i), 0), 1e-5)
    assert.strictEqual(topEigenvalue, eigenvalues.at(-1))
    assert.closeTo(criticalRate, 10 / topEigenvalue, 1e-9)
  })

  it.each([1, 2])(
    "has the rate at which the mean squared error of %i outputs turns unstable",
    async (units) => {
      const inputs = normals("inputs", [5, 3])
      const targets = normals("targets", [5, units])
      const { criticalRate } = tangentKernel(
        linear(3, units, normals("kernel", [3, units])),
        inputs,
      )
      const growth = async (rate: number): Promise<number> => {
        const model = linear(3, units, normals("kernel", [3, units]))
        model.compile({ optimizer: tf.train.sgd(rate), loss: "meanSquaredError" })
        const losses: Array<number> = []
        for (let step = 0; step < 60; step++) {
          losses.push((await model.trainOnBatch(inputs, targets)) as number)
        }
        return losses.at(-1)! / losses.at(-20)!
      }
      assert.isBelow(await growth(0.95 * criticalRate), 1)
      assert.isAbove(await growth(1.05 * criticalRate), 2)
    },
  )

  it("of one output has the non-zero spectrum of the Gauss-Newton matrix: n times the Hessian of the halved square loss", () => {
    const model = perceptron()
    const { inputs } = data(4)
    const { eigenvalues } = tangentKernel(model, inputs, { output: 1 })
    // at targets that the model meets, the Hessian is J'J / n
    const targets = model.predict(inputs) as tf.Tensor
    const objective = modelObjective(model, {
      inputs,
      targets,
      loss: (y, f) => tf.sub(f, y).slice([0, 1], [-1, 1]).square().div(2),
    })
    const hessian = new Float64Array(43 * 43)
    const x = objective.read()
    for (let j = 0; j < 43; j++) {
      const unit = new Float64Array(43)
      unit[j] = 1
      objective.hessianVector(x, unit, hessian.subarray(j * 43, (j + 1) * 43))
    }
    for (let i = 0; i < 43; i++) {
      for (let j = 0; j < i; j++) {
        hessian[i * 43 + j] = hessian[j * 43 + i] =
          (hessian[i * 43 + j]! + hessian[j * 43 + i]!) / 2
      }
    }
    const top = SymmetricEigen.eigen(hessian, 43).values.slice(-4)
    assertClose(
      top,
      eigenvalues.map((value) => value / 4),
      2e-3 * eigenvalues[3]!,
    )
  })

  it("takes images, and refuses what does not fit", () => {
    const model = convolutional()
    const { size } = tangentKernel(model, data(3, [8, 8, 1]).inputs)
    assert.strictEqual(size, 9)
    assertThrows(() => tangentKernel(model, normals("small", [3, 7, 8, 1])), ShapeMismatch)
    assertThrows(() => tangentKernel(model, normals("none", [0, 8, 8, 1])), ShapeMismatch)
    assert.throws(
      () => tangentKernel(model, data(3, [8, 8, 1]).inputs, { output: 3 }),
      /output must be/,
    )
    for (const layer of model.layers) layer.trainable = false
    assertThrows(() => tangentKernel(model, data(3, [8, 8, 1]).inputs), NoTrainableWeights)
  })
})

describe("gradientOuterProduct", () => {
  it("of a linear model is W W', and its top eigenvector the direction that the model sees", () => {
    const kernel = tf.tensor2d([[3], [4], [0]])
    const found = gradientOuterProduct(linear(3, 1, kernel), normals("inputs", [7, 3]))
    assertClose(found.matrix, [9, 12, 0, 12, 16, 0, 0, 0, 0], 1e-5)
    assertClose(found.eigenvalues, [0, 0, 25], 1e-5)
    assertClose(found.eigenvectors.slice(6).map(Math.abs), [0.6, 0.8, 0], 1e-6)
  })

  it("averages over samples and sums over outputs", () => {
    const model = perceptron()
    const { inputs } = data(6)
    const all = gradientOuterProduct(model, inputs)
    const sum = new Float64Array(16)
    for (const output of [0, 1, 2]) {
      Vector.axpy(1, gradientOuterProduct(model, inputs, { output }).matrix, sum)
    }
    assertClose(all.matrix, sum, 1e-9)
    const halves = [0, 3].map((from) => gradientOuterProduct(model, inputs.slice(from, 3)).matrix)
    assertClose(
      all.matrix,
      halves[0]!.map((value, i) => (value + halves[1]![i]!) / 2),
      1e-6,
    )
  })
})

describe("certifyModel", () => {
  // f = (u v - 1)^2 / 2 + (p q - 2)^2 / 2: minima with two flat directions; the flat ones have |u| = |v| and |p| = |q|
  const points = {
    flat: [1, 1, Math.SQRT2, Math.SQRT2],
    "not flat": [2, 0.5, Math.SQRT2, Math.SQRT2],
  } as const

  const core = squareLossModel({
    name: "products",
    dimension: 4,
    size: 2,
    predictionGradient: (i, x, gradient) => {
      gradient.fill(0)
      gradient[2 * i] = x[2 * i + 1]!
      gradient[2 * i + 1] = x[2 * i]!
      return x[2 * i]! * x[2 * i + 1]! - (i + 1)
    },
  })

  for (const secondOrder of ["differences", "double gradient"] as const) {
    it(`says what the float64 core says, by ${secondOrder}`, () => {
      for (const [verdict, point] of Object.entries(points)) {
        const w = tf.variable(tf.tensor1d([...point]))
        const loss = () => {
          const [u, v, p, q] = [0, 1, 2, 3].map((i) => w.slice(i, 1))
          const first = u!.mul(v!).sub(1).square()
          return first.add(p!.mul(q!).sub(2).square()).sum().div(4)
        }
        const objective = functionObjective(loss, [w], { secondOrder })
        const options = { lossTolerance: 1e-4, seed: Seed.root("certificate") }
        const found = certifyModel(objective, options)
        const expected = certify(core, Float64Array.from(point), options)
        assert.strictEqual(found.verdict, verdict, found.because)
        assert.strictEqual(expected.verdict, verdict, expected.because)
        assert.strictEqual(found.rank, expected.rank)
        assert.closeTo(found.trace.estimate, expected.trace.estimate, 1e-2)
        assert.closeTo(found.topEigenvalue, expected.topEigenvalue, 1e-2)
        assert.closeTo(found.residual.estimate, expected.residual.estimate, 2e-2)
      }
    })
  }
})

describe("adviseRadius and diagnoseNormalisation", () => {
  const spectrum = () => {
    const w = tf.variable(tf.tensor1d([0.5, 0.5, 0.5]))
    return functionObjective(
      () =>
        w
          .square()
          .mul(tf.tensor1d([10, 2, 1]))
          .sum()
          .div(2),
      [w],
    )
  }

  it("give the closed forms of a quadratic", () => {
    const advice = adviseRadius(spectrum(), { learningRate: 0.1, radius: 0.05, tolerance: 0.0125 })
    assert.closeTo(advice.topEigenvalue, 10, 1e-2)
    assert.closeTo(advice.suggestedRadius, 0.05, 1e-3)
    assert.isTrue(advice.stable)
  })

  it("tell SAM from USAM, and leave the weights as they are", () => {
    const objective = spectrum()
    const before = objective.read()
    const found = diagnoseNormalisation(objective, { learningRate: 0.15, radius: 0.5, steps: 60 })
    assert.strictEqual(found.usam.outcome, "diverged")
    assert.notStrictEqual(found.sam.outcome, "diverged")
    assert.isTrue(found.usamUnstable)
    assert.deepStrictEqual(objective.read(), before)
  })
})

describe("callbacks of fit", () => {
  const setting = () => {
    const { inputs, targets } = data(24)
    const model = perceptron()
    return {
      inputs,
      targets,
      model,
      objective: modelObjective(model, { inputs, targets, loss: tf.metrics.meanSquaredError }),
    }
  }

  it("log trace, top eigenvalue and directional sharpness into the history", async () => {
    const { inputs, model, objective, targets } = setting()
    const optimizer = sam(tf.train.sgd(0.1), { radius: 0.05 })
    model.compile({ optimizer, loss: "meanSquaredError" })
    const log = sharpnessLog(objective, { optimizer, every: 2 })
    const { history } = await model.fit(
      inputs,
      targets,
      quietly({ epochs: 4, batchSize: 12, callbacks: log }),
    )
    assert.strictEqual(log.readings.length, 2)
    const logged = [
      "trace",
      "traceError",
      "topEigenvalue",
      "topEigenvalueResidual",
      "directionalSharpness",
      "sharpnessGap",
    ]
    for (const name of logged) {
      const values = history[name] as ReadonlyArray<number>
      assert.strictEqual(values.length, 2, name)
      assert.isTrue(values.every(Number.isFinite), name)
    }
    const { topEigenvalue, trace } = log.readings[1]!
    // the trace of the Hessian, by its 43 diagonal elements
    const x = objective.read()
    let exact = 0
    for (let j = 0; j < 43; j++) {
      const [unit, product] = [new Float64Array(43), new Float64Array(43)]
      unit[j] = 1
      objective.hessianVector(x, unit, product)
      exact += product[j]!
    }
    assert.closeTo(trace.estimate, exact, 4 * trace.standardError + 0.01)
    assert.isAbove(topEigenvalue, exact / 43)
    assert.throws(() => sharpnessLog(objective, { every: 0 }), /every must be/)
  })

  it("name the catapult of a learning rate past the critical one, measured", async () => {
    // f = sum u_i v_i, 0.02 at first, with the tangent kernel |u|^2 + |v|^2 = 2
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [1], units: 16, useBias: false }),
        tf.layers.dense({ units: 1, useBias: false }),
      ],
    })
    const second = Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 0.255 : -0.245))
    model.setWeights([tf.mul(tf.ones([1, 16]), 0.25), tf.tensor2d(second, [16, 1])])
    const inputs = tf.ones([4, 1])
    const targets = tf.zeros([4, 1])
    const loss = (y: tf.Tensor, f: tf.Tensor) => tf.sub(f, y).square().sum(1).div(2)
    const objective = modelObjective(model, { inputs, targets, loss })
    const settings = { learningRate: 0.1, radius: 0, tolerance: 1 }
    const learningRate = 2.6 / adviseRadius(objective, settings).topEigenvalue
    model.compile({ optimizer: tf.train.sgd(learningRate), loss })
    const seen: Array<string> = []
    const watch = catapultWatch({
      objective,
      learningRate,
      onEvent: ({ kind }) => seen.push(kind),
    })
    await model.fit(inputs, targets, quietly({ epochs: 60, batchSize: 4, callbacks: watch }))
    assert.isAbove(watch.events.length, 0)
    const [first] = watch.events
    assert.strictEqual(first!.kind, "catapult", first!.summary)
    assert.isAbove(first!.evidence.ratio!, 1)
    assert.isBelow(first!.evidence.curvatureRatio!, 1)
    assert.deepStrictEqual(
      seen,
      watch.events.map(({ kind }) => kind),
    )
    assert.isFalse(watch.status().atRisk)
  })

  it("guess from the losses of the batches where there is nothing else", async () => {
    const { inputs, model, targets } = setting()
    model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" })
    const watch = catapultWatch({ smoothing: 2 })
    await model.fit(inputs, targets, quietly({ epochs: 3, batchSize: 12, callbacks: watch }))
    assert.deepStrictEqual(watch.events, [])
    assert.throws(() => catapultWatch({ threshold: 0.5 }), /threshold/)
  })
})

describe("double gradients", () => {
  it("of a model with softmaxCrossEntropy serve the certificate of a model", () => {
    const objective = modelObjective(perceptron(), {
      ...data(6),
      loss: softmaxCrossEntropy,
      secondOrder: "double gradient",
    })
    const certificate = certifyModel(objective, { lossTolerance: 1e-2, seed: Seed.root("model") })
    assert.strictEqual(certificate.dimension, 43)
    assert.notStrictEqual(certificate.verdict, "flat")
    assert.isAbove(certificate.gradientNorm, 0.01)
  })
})
