/** What used to take minutes in silence, or a matrix that no memory holds: progress, an end on demand, products alone. */
import { InvalidInput, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as tf from "@tensorflow/tfjs"
import { assert, describe, it } from "vitest"
import { mobileNet } from "../../examples/MobileNet.ts"
import { topEigenpairs } from "../../src/measure/TopEigenpairs.ts"
import {
  adviseRadius,
  functionObjective,
  gradientOuterProduct,
  modelObjective,
  sam,
  softmaxCrossEntropy,
  tangentKernel,
} from "../../src/index.ts"
import { Kernels } from "@nonconvex/numerics"
import { useBackend } from "../support/Backend.ts"
import { normals, perceptron, seeded } from "../support/Models.ts"
import { NotALayersModel } from "../../src/Failures.ts"

const kernels = Kernels.strict()
const seed = Seed.root(11)

useBackend()

/** A diagonal operator. */
const diagonal = (values: ReadonlyArray<number>) => (v: Float64Array, out: Float64Array) => {
  for (let i = 0; i < v.length; i++) out[i] = values[i]! * v[i]!
}

describe("topEigenpairs", () => {
  it("finds the largest, each with its residual", async () => {
    const spectrum = Array.from({ length: 300 }, (_, i) => 1 / (1 + i))
    const found = await topEigenpairs(diagonal(spectrum), {
      dimension: 300,
      count: 4,
      tolerance: 1e-6,
      maxProducts: 400,
      seed,
      kernels,
    })
    found.values.forEach((value, k) => {
      assert.isAtMost(Math.abs(value - spectrum[k]!), found.residuals[k]! + 1e-12)
      assert.isAtMost(found.residuals[k]!, 1e-5)
      assert.closeTo(Vector.norm(found.vectors[k]!), 1, 1e-12)
    })
  })

  it("keeps to its products, and is exact where the space is no larger", async () => {
    const options = { dimension: 3, tolerance: 1e-9, seed, kernels }
    const whole = await topEigenpairs(diagonal([3, 2, 1]), {
      ...options,
      count: 2,
      maxProducts: 50,
    })
    assert.closeTo(whole.values[0]!, 3, 1e-9)
    assert.closeTo(whole.values[1]!, 2, 1e-9)
    const few = await topEigenpairs(diagonal([3, 2, 1]), { ...options, count: 1, maxProducts: 3 })
    assert.isAtMost(few.products, 3)
    const one = { ...options, dimension: 1, count: 1, maxProducts: 5 }
    assert.deepStrictEqual((await topEigenpairs(diagonal([-2]), one)).values, Float64Array.of(-2))
  })
})

const quadratic = () => {
  const w = tf.variable(tf.tensor1d([0.5, 0.5, 0.5]))
  const c = tf.tensor1d([10, 2, 1])
  return { w, c, objective: functionObjective(() => w.square().mul(c).sum().div(2), [w]) }
}

describe("adviseRadius", () => {
  const settings = { learningRate: 0.1, radius: 0.05, tolerance: 0.0125 }

  it("tells how far it is, and finds what it finds in silence", async () => {
    const { objective } = quadratic()
    const told: Array<number> = []
    const advice = await adviseRadius(objective, {
      ...settings,
      onProgress: ({ maxProducts, products }) => {
        assert.strictEqual(maxProducts, 60)
        told.push(products)
      },
    })
    assert.isAbove(told.length, 2)
    assert.deepStrictEqual(
      told,
      told.map((_, k) => k),
    )
    const silent = adviseRadius(objective, settings)
    assert.closeTo(advice.topEigenvalue, silent.topEigenvalue, 2e-2)
    assert.isAtMost(Math.abs(advice.topEigenvalue - 10), advice.residual + 1e-2)
    assert.strictEqual(advice.base, "SGD")
  })

  it("ends where its signal is aborted, before, by a timer and from its own progress", async () => {
    const { objective } = quadratic()
    const rejected = async (signal: AbortSignal, onProgress = () => {}) => {
      const reason = await adviseRadius(objective, { ...settings, signal, onProgress }).then(
        () => "resolved",
        (error: unknown) => error,
      )
      return reason
    }
    assert.strictEqual(await rejected(AbortSignal.abort("early")), "early")
    const own = new AbortController()
    assert.strictEqual(await rejected(own.signal, () => own.abort("from inside")), "from inside")
    // an operator that never converges is heard by a timer
    const late = new AbortController()
    setTimeout(() => late.abort("late"), 0)
    const endless = topEigenpairs(
      (v, out) => {
        RandomStream.make(seed.child(String(v[0]))).fillNormal(out)
      },
      {
        dimension: 50,
        count: 1,
        tolerance: 0,
        maxProducts: 1e6,
        seed,
        kernels,
        signal: late.signal,
      },
    )
    assert.strictEqual(await endless.catch((reason: unknown) => reason), "late")
  })

  it("judges Adam by its preconditioned curvature and its own limit, SAM over it too", async () => {
    const { objective, w, c } = quadratic()
    for (const wrapped of [false, true]) {
      const adam = tf.train.adam(0.01)
      const optimizer = wrapped ? sam(adam, { radius: 0.01 }) : adam
      assert.throws(
        () => adviseRadius(objective, { radius: 0.05, tolerance: 0.01, optimizer }),
        InvalidInput,
        /must have taken steps/,
      )
      for (let t = 0; t < 3; t++)
        optimizer.minimize(() => w.square().mul(c).sum().div<tf.Scalar>(2), false, [w])
      const options = { radius: 0.05, tolerance: 0.01, optimizer }
      const advice = adviseRadius(objective, options)
      assert.strictEqual(advice.base, "Adam")
      assert.strictEqual(advice.learningRate, 0.01)
      // divisors are about |gradient| = c w, so that c / (c w) is about 1 / w = 2 for all three
      assert.isAbove(advice.topEigenvalue, 1.8)
      assert.isBelow(advice.topEigenvalue, 2.4)
      assert.isTrue(advice.stable)
      assert.isNaN(advice.suggestedRadius)
      assert.match(
        advice.summary,
        /^Over Adam: .* below 2 \(1 \+ 0\.9\) \/ \(1 - 0\.9\) = 38: stable/,
      )
      const watched = await adviseRadius(objective, { ...options, onProgress: () => {} })
      assert.closeTo(watched.topEigenvalue, advice.topEigenvalue, 2e-2)
      assert.isFalse(adviseRadius(objective, { ...options, learningRate: 25 }).stable)
    }
  })

  it("has the limits of momentum, and refuses an optimizer that it does not know", () => {
    const { objective } = quadratic()
    const over = (optimizer: tf.Optimizer) =>
      adviseRadius(objective, { radius: 0.05, tolerance: 0.01, optimizer })
    assert.isTrue(over(tf.train.momentum(0.37, 0.9)).stable)
    assert.isFalse(over(tf.train.momentum(0.39, 0.9)).stable)
    assert.strictEqual(over(tf.train.sgd(0.1)).base, "SGD")
    assert.throws(
      () => over(tf.train.rmsprop(0.01)),
      InvalidInput,
      /must be SGD, momentum or Adam, but is RMSProp/,
    )
  })
})

describe("a small network in the shape of MobileNetV2", () => {
  it("has its curvature, under Adam, and its directions, told as they come", async () => {
    const model = mobileNet({
      side: 16,
      classes: 3,
      stages: [
        [1, 4, 1, 2],
        [2, 4, 2, 1],
      ],
      last: 8,
    })
    const inputs = normals("images", [4, 16, 16, 3])
    const targets = tf.oneHot(tf.tensor1d([0, 1, 2, 0], "int32"), 3)
    const optimizer = sam(tf.train.adam(1e-3), { radius: 0.01 })
    model.compile({ optimizer, loss: softmaxCrossEntropy })
    await model.trainOnBatch(inputs, targets)
    const objective = modelObjective(model, { inputs, targets, loss: softmaxCrossEntropy })
    let told = 0
    const advice = await adviseRadius(objective, {
      radius: 0.05,
      tolerance: 1e-3,
      optimizer,
      maxProducts: 6,
      onProgress: () => told++,
    })
    assert.strictEqual(told, 6)
    assert.strictEqual(advice.base, "Adam")
    assert.isTrue(Number.isFinite(advice.topEigenvalue) && Number.isFinite(advice.residual))
    const found = await gradientOuterProduct(model, inputs, { count: 2, maxProducts: 12 })
    assert.strictEqual(found.dimension, 768)
    assert.isAtLeast(found.eigenvalues[1]!, found.eigenvalues[0]!)
  })
})

describe("gradientOuterProduct without the matrix", () => {
  it("has the largest eigenpairs of the matrix", async () => {
    const model = perceptron()
    const inputs = normals("agop", [9, 4])
    const whole = gradientOuterProduct(model, inputs)
    for (const batchSize of [4, 16]) {
      const { eigenvalues, eigenvectors, residuals } = await gradientOuterProduct(model, inputs, {
        count: 2,
        tolerance: 1e-3,
        batchSize,
      })
      for (const k of [0, 1]) {
        const exact = whole.eigenvalues[2 + k]!
        assert.isAtMost(
          Math.abs(eigenvalues[k]! - exact),
          residuals[k]! + 1e-2 * whole.eigenvalues[3]!,
        )
      }
      const [ours, theirs] = [eigenvectors.subarray(4), whole.eigenvectors.subarray(12)]
      assert.closeTo(Math.abs(Vector.dot(ours, theirs)), 1, 1e-2)
    }
  })

  it("looks at images of 224 x 224, whose matrix would have 22,658,678,784 numbers", async () => {
    const model = seeded(
      tf.sequential({
        layers: [
          tf.layers.conv2d({
            inputShape: [224, 224, 3],
            filters: 4,
            kernelSize: 8,
            strides: 8,
            activation: "relu",
          }),
          tf.layers.globalAveragePooling2d({}),
          tf.layers.dense({ units: 5 }),
        ],
      }),
    )
    const inputs = normals("images", [2, 224, 224, 3])
    assert.throws(
      () => gradientOuterProduct(model, inputs),
      InvalidInput,
      /request the largest eigenpairs, \{ count: 10 \}/,
    )
    const found = await gradientOuterProduct(model, inputs, { count: 1, maxProducts: 8 })
    assert.strictEqual(found.dimension, 150_528)
    assert.isAbove(found.eigenvalues[0]!, 0)
    assert.isAtMost(found.residuals[0]!, 0.2 * found.eigenvalues[0]!)
    assert.isAtMost(found.products, 8)
  })

  it("ends where its signal is aborted", async () => {
    const signal = AbortSignal.abort("enough")
    const ended = gradientOuterProduct(perceptron(), normals("agop", [9, 4]), { count: 1, signal })
    assert.strictEqual(await ended.catch((reason: unknown) => reason), "enough")
  })
})

describe("a graph model", () => {
  it("is named for what it is, with what to use", () => {
    const graph = new tf.GraphModel("nowhere") as unknown as tf.LayersModel
    const inputs = normals("agop", [9, 4])
    const options = { inputs, targets: inputs, loss: softmaxCrossEntropy }
    for (const use of [
      () => modelObjective(graph, options),
      () => tangentKernel(graph, inputs),
      () => gradientOuterProduct(graph, inputs),
    ]) {
      assert.throws(
        use,
        NotALayersModel,
        /graph model, from tf\.loadGraphModel: .*tf\.loadLayersModel.*functionObjective/,
      )
    }
    assert.throws(
      () => modelObjective(undefined as unknown as tf.LayersModel, options),
      NotALayersModel,
      /expected a model of tf\.sequential/,
    )
  })
})
