/** Six methods from a bad minimum on 28 x 28 images, each over a grid; the budget includes the descent to the minimum below. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import { imageSplit } from "@nonconvex/datasets/ImageSplit"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Count, NotNegative, Positive } from "@nonconvex/problems/Fields"
import { Effect, Schema } from "effect"
import { badImageMinimum, fit, partsOf } from "../support/BadImageMinimum.ts"
import { derived } from "../support/Paper.ts"
import { runOf } from "../support/RunsFromAPoint.ts"

const names = ["SGD", "label noise", "SAM", "USAM", "RS", "SA"] as const

/** All pairs of learning rate and strength of a method. */
const Grid = Schema.Struct({
  method: Schema.Literals(names),
  learningRates: Schema.Array(Positive).check(Schema.isMinLength(1)),
  /** Radius of SAM, RS and SA; factor of the gradient of USAM; standard deviation of label noise; unused for SGD. */
  strengths: Schema.Array(Positive).check(Schema.isMinLength(1)),
  /** Samples averaged in a step of SA; default 1, as in algorithm 2 (as recalled). */
  samples: Schema.optionalKey(Count),
})

const Config = Schema.Struct({
  /** CIFAR-10 needs a folder with its files. */
  images: Schema.Literals(["fashion-mnist", "cifar-10"]),
  trainPerClass: Count,
  validationPerClass: Count,
  /** Images with random labels, fitted only by the bad minimum. */
  misleadingPerClass: Count,
  testPerClass: Count,
  hidden: Count,
  grids: Schema.Array(Grid).check(Schema.isMinLength(1)),
  batchSize: Count,
  /** Single-sample gradient calls of a setting per training sample; the last of them are reserved for the descent. */
  budget: Count,
  settling: Count,
  /** Number of evaluations of the training loss along a run; they do not count as calls. */
  looks: Count,
  /** A run is admissible if its training loss stays below this multiple of the initial loss at every evaluation. */
  mostRise: Positive,
  /** eps0 of RS and SA, which perturb if the gradient norm is at most this; and the learning rate of their plain steps. */
  gradientThreshold: Positive,
  plainLearningRate: Positive,
  /** Settings for fitting the minima and for the descent of each method. */
  fitRate: Positive,
  fitEpochs: Count,
  tolerance: Positive,
})
type Config = typeof Config.Type

/** A minimum, or the end of a setting. */
const Row = Schema.Struct({
  method: Schema.Literals(["fresh start", "bad minimum", ...names]),
  learningRate: NotNegative,
  strength: NotNegative,
  /** Number of samples per step: the batch size; for SA that of its perturbation; for RS all; 0 for the two minima. */
  samples: Schema.Int,
  /** Single-sample gradient calls, including the descent, per training sample. */
  calls: Schema.Finite,
  settling: Schema.Int,
  /** Training loss at the end of the method before the descent, and its largest value along the run relative to the start. */
  rawLoss: Schema.Number,
  rise: Schema.Number,
  /** Training loss at the minimum below, where all later columns are measured too; NaN if the setting is not admissible. */
  loss: Schema.Number,
  /** Exact: the network is piecewise linear. */
  trace: Schema.Number,
  validationError: Schema.Number,
  testError: Schema.Number,
  /** True if the loss stayed below its bound, and the descent reached the tolerance within the budget. */
  isAdmissible: Schema.Boolean,
  /** The admissible setting of its method with the lowest validation error. */
  isChosen: Schema.Boolean,
})
type Row = typeof Row.Type

type Measured = Omit<Row, "isChosen">

const nothing = {
  loss: Number.NaN,
  trace: Number.NaN,
  validationError: Number.NaN,
  testError: Number.NaN,
}

/** Marks the admissible setting of each method with the lowest validation error; ties go to the first. */
const chosen = (rows: ReadonlyArray<Measured>): ReadonlyArray<Row> => {
  const ofMethods = names.map((name) => {
    const own = rows.filter(({ isAdmissible, method }) => isAdmissible && method === name)
    const least = Summary.smallest(own.map(({ validationError }) => validationError))
    return own.find(({ validationError }) => validationError === least)
  })
  return rows.map((row) => ({ ...row, isChosen: ofMethods.includes(row) }))
}

interface Setting {
  readonly parts: ReturnType<typeof partsOf>
  readonly config: Config
  readonly seed: Seed.Seed
  readonly kernels: Kernels
}

const rowsOf = ({ config, kernels, parts, seed }: Setting): ReadonlyArray<Row> => {
  const { batchSize, budget, fitEpochs, fitRate, looks, mostRise, settling, tolerance } = config
  const fitting = { learningRate: fitRate, batchSize, tolerance, epochs: fitEpochs }
  const { bad, errorOn, fresh, objective, right, trace, withTargets } = badImageMinimum(
    parts,
    { ...fitting, hidden: config.hidden },
    seed,
    kernels,
  )
  const gradient = new Float64Array(objective.dimension)
  const at = (point: Float64Array) => ({
    trace: trace(point),
    validationError: errorOn(point, parts.validation),
    testError: errorOn(point, parts.test),
  })
  const minimum = (method: Row["method"], { isFit, loss, point }: typeof bad): Measured => ({
    method,
    learningRate: 0,
    strength: 0,
    samples: 0,
    calls: 0,
    settling: 0,
    rawLoss: loss,
    rise: 1,
    loss,
    ...at(point),
    isAdmissible: isFit,
  })
  /** Each round of the descent takes an epoch and an evaluation of the loss; one more evaluation comes first. */
  const descent = { ...fitting, epochs: Math.floor((settling - 1) / 2) }
  const end = (
    method: (typeof names)[number],
    learningRate: number,
    strength: number,
    samples: number,
  ): Measured => {
    const { gradientThreshold, plainLearningRate } = config
    const run = runOf(
      { method, learningRate, strength, samples },
      {
        objective,
        start: bad.point,
        right,
        outputs: parts.classes,
        withTargets,
        batchSize,
        gradientThreshold,
        plainLearningRate,
        seed,
      },
    )
    const steps = Math.floor(((budget - settling) * objective.size) / run.cost)
    let rise = 1
    let rawLoss = bad.loss
    for (let look = 1; look <= looks && rise < mostRise; look++) {
      const until = Math.round((steps * look) / looks)
      while (run.state.status === "running" && run.state.steps < until) run.step()
      rawLoss = objective.valueAndGradient(run.state.point, gradient)
      // a loss that is not finite counts as infinite
      rise = Math.max(
        rise,
        Number.isFinite(rawLoss) ? rawLoss / bad.loss : Number.POSITIVE_INFINITY,
      )
    }
    const calls = (run.state.steps * run.cost) / objective.size
    const own = { method, learningRate, strength, samples, rawLoss, rise }
    const stopped = { ...own, ...nothing, calls, settling: 0, isAdmissible: false }
    if (!(rise < mostRise)) return stopped
    const settled = fit(objective, run.state.point, descent, seed.child("settling"))
    const taken = { calls: calls + settled.calls, settling: settled.calls }
    if (!settled.isFit) return { ...stopped, ...taken }
    return { ...own, ...taken, loss: settled.loss, ...at(settled.point), isAdmissible: true }
  }
  return chosen([
    minimum("fresh start", fresh),
    minimum("bad minimum", bad),
    ...config.grids.flatMap(({ learningRates, method, samples = 1, strengths }) => {
      const own = method === "SA" ? samples : method === "RS" ? objective.size : batchSize
      return learningRates.flatMap((rate) =>
        strengths.map((strength) => end(method, rate, strength, own)),
      )
    }),
  ])
}

const reference: Config = {
  images: "fashion-mnist",
  trainPerClass: 30,
  validationPerClass: 30,
  misleadingPerClass: 30,
  testPerClass: 100,
  hidden: 64,
  grids: [
    { method: "SGD", learningRates: [0.01], strengths: [1] },
    { method: "label noise", learningRates: [0.01], strengths: [0.1, 0.2] },
    { method: "SAM", learningRates: [0.01], strengths: [0.05, 0.1] },
    { method: "USAM", learningRates: [0.01], strengths: [0.1, 0.2] },
    { method: "RS", learningRates: [0.01], strengths: [2, 4] },
    { method: "SA", learningRates: [0.0005], strengths: [0.05, 0.1], samples: 1 },
    { method: "SA", learningRates: [0.01], strengths: [0.05, 0.1], samples: 20 },
  ],
  batchSize: 20,
  budget: 500,
  settling: 100,
  looks: 20,
  mostRise: 10,
  gradientThreshold: 1,
  plainLearningRate: 0.02,
  fitRate: 0.02,
  fitEpochs: 2000,
  tolerance: 1e-3,
}

export const escapeFromABadMinimum = Experiment.table({
  id: "flat-minima/escape-from-a-bad-minimum",
  title:
    "Six methods from a bad minimum on images of 28 x 28, with the descent to a minimum in the budget",
  source: derived("after figure 3 (as recalled), in our own setting"),
  question:
    "Which of RS, SA, SAM, USAM, label noise and SGD ends at a flatter minimum that generalises better? All start at the same bad minimum and use the same number of gradients, including those of the descent to a minimum. A validation set chooses the setting of each, among those with a training loss below ten times that of the start.",
  paperScale:
    "The paper has a ResNet-18 on CIFAR-10 from a minimum with 100 % of the training and 48 % of the test images classified correctly; this is one hidden layer on 300 images of Fashion-MNIST with a squared loss.",
  config: Config,
  columns: Row,
  presets: {
    smoke: {
      ...reference,
      trainPerClass: 2,
      validationPerClass: 2,
      misleadingPerClass: 2,
      testPerClass: 2,
      hidden: 32,
      budget: 200,
      settling: 100,
      looks: 2,
      fitEpochs: 300,
    },
    fast: {
      ...reference,
      trainPerClass: 10,
      validationPerClass: 10,
      misleadingPerClass: 10,
      hidden: 32,
      budget: 300,
    },
    paper: reference,
  },
  paperSeconds: 90,
  prepare: ({ config }) =>
    Effect.gen(function* () {
      const { images, misleadingPerClass, testPerClass, trainPerClass, validationPerClass } = config
      const datasets = yield* Datasets
      const others = validationPerClass + misleadingPerClass
      const loaded = yield* datasets.load(images, {
        trainPerClass: trainPerClass + others,
        testPerClass,
      })
      const split = imageSplit(loaded, { trainPerClass, validationPerClass: others })
      return partsOf(split, validationPerClass)
    }),
  cases: () => [0],
  row: (_, { config, kernels, seed, shared }) => rowsOf({ config, kernels, parts: shared, seed }),
  figures: (rows, { grids: all }) => {
    const shown = rows.filter(({ isAdmissible }) => isAdmissible)
    const settings = all.reduce(
      (sum, { learningRates, strengths }) => sum + learningRates.length * strengths.length,
      0,
    )
    const out = rows.length - shown.length
    return [
      Figure.points({
        id: "test-error",
        title: "Flatness and test error where each setting ends",
        caption: `Two minima and ${settings} settings, one seed, so no confidence interval; ${out === 0 ? "all are admissible" : `${out} that are not admissible are omitted`}.`,
        rows: shown,
        x: { field: "trace", title: "trace", scale: "log" },
        y: { field: "testError", title: "test error" },
        series: { field: "method", title: "method" },
      }),
    ]
  },
  expectations: (rows, { budget }) => {
    if (budget < 300) return []
    const errorOf = (method: Row["method"]) =>
      Summary.mean(
        rows
          .filter((row) => row.method === method && (row.isChosen || row.samples === 0))
          .map(({ testError }) => testError),
      )
    const bad = errorOf("bad minimum")
    return [
      Expectation.atLeast(
        "Test error of the bad minimum minus that of the fresh start",
        bad - errorOf("fresh start"),
        0.05,
        { control: "less that where SGD ends", observed: bad - errorOf("SGD") },
      ),
    ]
  },
})
