/** Test error of fitted networks, their flat limits, ridge regression and the mean, on images at full size. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import type { TrainTest } from "@nonconvex/datasets/Split"
import * as Transform from "@nonconvex/datasets/Transform"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { AtLeastTwo, Count, NotNegative, Positive } from "@nonconvex/problems/Fields"
import { Effect, Schema } from "effect"
import { warmStart } from "../../descent/WarmStart.ts"
import { diagnose } from "../../limit/Diagnostics.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import * as Activation from "../../network/Activation.ts"
import { preactivations, residual, twoLayer, type TwoLayer } from "../../network/TwoLayer.ts"
import { derived } from "../support/Paper.ts"
import {
  drawn,
  meanSquaredError,
  projected,
  standardised,
  targetsOf,
} from "../support/RealProblem.ts"
import { normalRows } from "../support/Rows.ts"

const targets = ["class", "one neuron", "sixteen neurons"] as const

const Config = Schema.Struct({
  /** Targets: the class of the image, or a planted network of one or sixteen neurons. */
  targets: Schema.Array(Schema.Literals(targets)).check(Schema.isMinLength(1)),
  /** Number of images to fit: at most 784, the number of pixels, as the theory requires. */
  rows: Schema.Array(AtLeastTwo.check(Schema.isLessThanOrEqualTo(784))).check(
    Schema.isMinLength(1),
  ),
  /** Standard deviation of the label noise, relative to that of the targets. */
  noise: Schema.Array(NotNegative).check(Schema.isMinLength(1)),
  /** Standard deviation of a weight at the start of the fit. */
  starts: Schema.Array(Positive).check(Schema.isMinLength(1)),
  neurons: Count,
  /** Maximum number of steps of the fit before Newton's method takes over. */
  steps: Count,
})

type Config = typeof Config.Type

const fast: Config = {
  targets: ["class", "one neuron"],
  rows: [50],
  noise: [0],
  starts: [0.25],
  neurons: 16,
  steps: 20_000,
}

/** Inputs on the unit sphere, with class labels +1 or -1. */
interface Images {
  readonly dimension: number
  readonly train: Float64Array
  readonly test: Float64Array
  readonly trainClasses: Float64Array
  readonly testClasses: Float64Array
}

const imagesOf = (data: TrainTest): Images => {
  const { test, train } = Transform.standardise(data)
  return {
    dimension: train.dimension,
    train: projected(train),
    test: projected(test),
    trainClasses: targetsOf(train),
    testClasses: targetsOf(test),
  }
}

/** Pre-activations, n x m, of `theta`, m x d, at inputs, n x d. */
const at = (inputs: Float64Array, theta: Float64Array, d: number, kernels: Kernels) => {
  const [n, m] = [inputs.length / d, theta.length / d]
  const z = new Float64Array(n * m)
  kernels.gemm(false, true, n, m, d, 1, inputs, theta, 0, z)
  return z
}

const cubic = Activation.cubic(1)

/** Outputs of the network with weights `theta` at given inputs. */
const predict = (inputs: Float64Array, theta: Float64Array, d: number, kernels: Kernels) => {
  const m = theta.length / d
  const out = new Float64Array(inputs.length / d)
  at(inputs, theta, d, kernels).forEach((z, k) => (out[Math.floor(k / m)]! += cubic.value(z)))
  return out
}

/** Values of a planted network: every neuron sees a projection of standard deviation 1 over the training images. */
const planted = (images: Images, neurons: number, seed: Seed.Seed, kernels: Kernels) => {
  const { dimension: d, test, train } = images
  const weights = normalRows(seed, neurons, d, 1)
  for (let j = 0; j < neurons; j++) {
    const own = weights.subarray(j * d, (j + 1) * d)
    const seen = at(train, own, d, kernels)
    Vector.scale(Math.sqrt(seen.length) / Vector.norm(seen), own)
  }
  return {
    train: predict(train, weights, d, kernels),
    test: predict(test, weights, d, kernels),
  }
}

/** Residual relative to `1 + max |y|` from which the Newton steps of `warmStart` complete the fit. */
const nearBy = 1e-3

/**
 * Nesterov's accelerated gradient from `start` until Newton's method can complete the fit. It works in the span of the data,
 * `theta = start + c^T X` and `z = z_0 + G c`, and restarts if the loss rises. A gradient step in the weights changes `c` by the
 * slopes times the residuals.
 */
const fitted = (network: TwoLayer, start: Float64Array, most: number) => {
  const { dimension: d, features, gram, kernels, labels, neurons: m, size: n } = network
  const first = preactivations(network, start)
  const multiply = (v: Float64Array, out: Float64Array) =>
    kernels.gemv(false, n, n, 1, gram, v, 0, out)
  const top = Lanczos.topEigenpairs(multiply, {
    dimension: n,
    count: 1,
    seed: Seed.root("top of the Gram matrix"),
    kernels,
  }).values[0]!
  const [c, last, ahead, z] = Array.from({ length: 4 }, () => new Float64Array(n * m))
  const slopes = new Float64Array(n * m)
  const allowed = nearBy * (1 + Vector.maxAbs(labels))
  let [steps, momentum, before] = [0, 0, Number.POSITIVE_INFINITY]
  for (; steps < most; steps++) {
    for (let k = 0; k < n * m; k++)
      ahead![k] = c![k]! + (momentum / (momentum + 3)) * (c![k]! - last![k]!)
    z!.set(first)
    kernels.gemm(false, false, n, m, n, 1, gram, ahead!, 1, z!)
    let [loss, worst, steepest] = [0, 0, 0]
    for (let i = 0; i < n; i++) {
      let square = 0
      const gap = Activation.sweep(cubic, z!, i * m, m, slopes, i * m) - labels[i]!
      for (let k = i * m; k < (i + 1) * m; k++) {
        square += slopes[k]! * slopes[k]!
        slopes[k]! *= gap
      }
      loss += (gap * gap) / 2
      worst = Math.max(worst, Math.abs(gap))
      steepest = Math.max(steepest, square)
    }
    if (worst <= allowed) break
    if (loss > before && momentum > 0) {
      // the step that raised the loss is taken back
      ahead!.set(c!)
      last!.set(c!)
      momentum = 0
      before = Number.POSITIVE_INFINITY
      continue
    }
    before = loss
    momentum += 1
    last!.set(c!)
    const rate = 1 / (top * steepest)
    for (let k = 0; k < n * m; k++) c![k] = ahead![k]! - rate * slopes[k]!
  }
  const theta = Float64Array.from(start)
  kernels.gemm(true, false, m, d, n, 1, ahead!, features, 1, theta)
  return { theta: warmStart(network, theta, { maxSteps: 0 }), steps }
}

const penalties = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100]

/** Coefficients of ridge regression on the rows of `gram` in `chosen`. */
const ridgeOf = (network: TwoLayer, chosen: ReadonlyArray<number>, penalty: number) => {
  const { gram, kernels, labels, size: n } = network
  const k = chosen.length
  const a = new Float64Array(k * k)
  chosen.forEach((row, i) =>
    chosen.forEach(
      (column, j) => (a[i * k + j] = gram[row * n + column]! + (i === j ? penalty : 0)),
    ),
  )
  const b = Float64Array.from(chosen, (row) => labels[row]!)
  kernels.cholesky(k, a)
  kernels.solveTriangular(true, false, k, 1, a, b)
  kernels.solveTriangular(true, true, k, 1, a, b)
  const coefficients = new Float64Array(n)
  chosen.forEach((row, i) => (coefficients[row] = b[i]!))
  return coefficients
}

/** Ridge regression with a penalty chosen on the last fifth of the rows; it is then fitted to all rows. */
const ridge = (network: TwoLayer, test: Float64Array) => {
  const { dimension: d, features, gram, kernels, labels, size: n } = network
  const all = Array.from({ length: n }, (_, i) => i)
  const cut = Math.max(1, n - Math.floor(n / 5))
  const validationError = (penalty: number) => {
    const coefficients = ridgeOf(network, all.slice(0, cut), penalty)
    const predicted = new Float64Array(n)
    kernels.gemv(false, n, n, 1, gram, coefficients, 0, predicted)
    return meanSquaredError(predicted.subarray(cut), labels.subarray(cut))
  }
  const errors = penalties.map(validationError)
  const penalty = penalties[errors.indexOf(Math.min(...errors))]!
  const weights = new Float64Array(d)
  kernels.gemv(true, n, d, 1, features, ridgeOf(network, all, penalty), 0, weights)
  return { penalty, predicted: at(test, weights, d, kernels) }
}

interface Case {
  readonly target: (typeof targets)[number]
  readonly rows: number
  readonly noise: number
  readonly start: number
}

/** A network on some images with label noise, and the baselines for its predictions. */
const problem = (
  { noise, rows, target }: Case,
  images: Images,
  neurons: number,
  seed: Seed.Seed,
  kernels: Kernels,
) => {
  const { dimension: d } = images
  const { test, train } = standardised(
    target === "class"
      ? { train: images.trainClasses, test: images.testClasses }
      : planted(images, target === "one neuron" ? 1 : 16, seed.child("teacher"), kernels),
  )
  const { chosen, picked: features } = drawn(images.train, d, rows, seed.child("rows"))
  const disturbance = RandomStream.make(seed.child("noise")).normals(rows)
  const labels = Float64Array.from(chosen, (row, i) => train[row]! + noise * disturbance[i]!)
  return {
    network: twoLayer({ activation: cubic, dimension: d, neurons, kernels, features, labels }),
    wanted: test,
  }
}

/** The smallest and largest of some numbers, or the single value if they are equal. */
const range = (values: ReadonlyArray<number>, text: (value: number) => string): string => {
  const [low, high] = [text(Summary.smallest(values)), text(Summary.largest(values))]
  return low === high ? low : `${low} to ${high}`
}

/** Images, settings and seeds of the runs on one target, and the effect of flattening on the error. */
const described = (
  rows: ReadonlyArray<{ readonly rows: number; readonly fitted: number; readonly flat: number }>,
): string => {
  const images = range(
    rows.map((row) => row.rows),
    String,
  )
  const ratios = range(
    rows.map(({ fitted: before, flat }) => flat / before),
    (ratio) => String(Number(ratio.toPrecision(2))),
  )
  const runs = rows.length === 1 ? "one run" : `${rows.length} runs of different settings`
  return `The error of the flat limit is ${ratios} times that of the fitted network, in ${runs} on ${images} training images. One seed gives no confidence interval; the study flat-limits has twenty seeds.`
}

export const flatLimits = Experiment.table({
  id: "label-noise/flat-limits",
  title: "Test error at the flat limit, on images of 28 x 28",
  source: derived("the flat limit by the direct solve, with as many images as the theory permits"),
  question:
    "Does the flat limit have a lower test error than the fitted network it starts from, ridge regression, and the mean?",
  paperScale: "The paper has synthetic data only (as recalled).",
  config: Config,
  columns: Schema.Struct({
    target: Schema.String,
    rows: Schema.Int,
    noise: Schema.Number,
    start: Schema.Number,
    /** Steps of the fit; sharpness over the least one, minus 1, before and after flattening. */
    steps: Schema.Int,
    excess: Schema.Number,
    flatExcess: Schema.Number,
    /** Largest change of any output on the training images. */
    outputChange: Schema.Number,
    /** Mean squared errors on the test images, relative to the variance of the targets. */
    fitted: Schema.Number,
    flat: Schema.Number,
    ridge: Schema.Number,
    mean: Schema.Number,
    /** Penalty of ridge regression, chosen on a fifth of the images. */
    penalty: Schema.Number,
  }),
  presets: {
    smoke: { ...fast, targets: ["class"], rows: [20] },
    fast,
    paper: {
      ...fast,
      targets,
      rows: [100, 200, 400, 700],
      noise: [0, 0.5],
      starts: [0.05, 0.25],
    },
  },
  paperSeconds: 600,
  cases: ({ noise, rows, starts, targets: wanted }) =>
    wanted.flatMap((target) =>
      rows.flatMap((size) =>
        noise.flatMap((level) =>
          starts.map((start): Case => ({ target, rows: size, noise: level, start })),
        ),
      ),
    ),
  prepare: () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      return imagesOf(yield* datasets.load("fashion-mnist-0-2", { trainPerClass: 500 }))
    }),
  row: (item, { config, kernels, seed, shared }) => {
    const { neurons } = config
    const own = seed.child(item.target)
    const { network, wanted } = problem(item, shared, neurons, own, kernels)
    const start = normalRows(own.child("start"), neurons, network.dimension, item.start)
    const { steps, theta } = fitted(network, start, config.steps)
    const { theta: flat } = flatLimit(network, theta)
    const { penalty, predicted } = ridge(network, shared.test)
    const errorOf = (weights: Float64Array) =>
      meanSquaredError(predict(shared.test, weights, network.dimension, kernels), wanted)
    return {
      ...item,
      steps,
      excess: diagnose(network, theta).excess,
      flatExcess: diagnose(network, flat).excess,
      outputChange: residual(network, flat),
      fitted: errorOf(theta),
      flat: errorOf(flat),
      ridge: meanSquaredError(predicted, wanted),
      mean: meanSquaredError(new Float64Array(wanted.length), wanted),
      penalty,
    }
  },
  figures: (rows) => {
    const errors = rows.flatMap(({ fitted: before, flat, mean, ridge: linear, ...row }) =>
      Object.entries({ fitted: before, "flat limit": flat, ridge: linear, mean }).map(
        ([method, error]) => ({ ...row, method, error }),
      ),
    )
    return targets
      .filter((target) => rows.some((row) => row.target === target))
      .map((target) =>
        Figure.points({
          id: `test-error-${target.replace(" ", "-")}`,
          title: `Test error of four predictors: ${target}`,
          caption: `Mean squared error on the test images, in units of the variance of the targets. ${described(rows.filter((row) => row.target === target))}`,
          rows: errors,
          where: { target },
          x: { field: "rows", title: "training images" },
          y: { field: "error", title: "test error", scale: "log" },
          series: { field: "method", title: "predictor" },
        }),
      )
  },
  expectations: (rows) => {
    const of = <K extends keyof (typeof rows)[number]>(column: K) => rows.map((row) => row[column])
    return [
      Expectation.atMost("excess sharpness at the flat limit", of("flatExcess"), 1e-9, {
        control: "the fitted network",
        observed: of("excess"),
      }),
      Expectation.atMost(
        "largest change of an output on the training images",
        of("outputChange"),
        1e-9,
        Expectation.uncontrolled("the solver keeps these outputs by construction"),
      ),
    ]
  },
})
