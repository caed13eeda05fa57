/**
 * SGD, SAM and USAM by successive halving on images of 28 x 28. Settings are chosen on a validation set, and judged on a test set
 * over all tolerances.
 */
import { Datasets } from "@nonconvex/datasets/Datasets"
import { type ImageSplit, imageSplit } from "@nonconvex/datasets/ImageSplit"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Count, NotNegative, Positive, Share } from "@nonconvex/problems/Fields"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import { resNet8 } from "@nonconvex/problems/network/ResNet"
import { meanStatistics, singlePrecision } from "@nonconvex/problems/network/SinglePrecision"
import { Effect, Schema } from "effect"
import { type Contender, contenders, gradientDescent, methodOf } from "../support/Contender.ts"
import { derived } from "../support/Paper.ts"

const Config = Schema.Struct({
  /** CIFAR-10 needs a folder of its files. */
  images: Schema.Literals(["fashion-mnist", "cifar-10"]),
  /** Without batch normalisation, with it, or both. */
  batchNormalisation: Schema.Array(Schema.Boolean),
  /** Channels of the first convolution. */
  channels: Count,
  trainPerClass: Count,
  validationPerClass: Count,
  testPerClass: Count,
  /** Lengths of the perturbation, of SAM and of USAM; SGD is run once for each learning rate. */
  radii: Schema.Array(Positive),
  learningRates: Schema.Array(Positive),
  batchSize: Count,
  /** Last epoch of each round, in ascending order. */
  rounds: Schema.Array(Count).check(Schema.isMinLength(1)),
  /** Share of the settings of each method that enter the next round, rounded up: those with the highest validation accuracy. */
  kept: Share,
  /** A run is good within such a distance of the test accuracy of the chosen run. */
  tolerances: Schema.Array(Positive).check(Schema.isMinLength(1)),
})

type Config = typeof Config.Type

const names = ["SGD", "SAM", "USAM"] as const

/** Measurements of a run at the end of a round. */
const Row = Schema.Struct({
  batchNormalisation: Schema.Boolean,
  method: Schema.Literals(names),
  learningRate: Positive,
  /**
   * Length of the perturbation. For SAM it is the length at every step; for USAM, the length at a gradient of mean norm
   * along the best SGD run.
   */
  radius: NotNegative,
  /** Factor of the direction in the update: of the unit vector for SAM, of the gradient for USAM. */
  coefficient: NotNegative,
  /** The mean length of the perturbation over all steps. */
  length: Schema.Number,
  round: Schema.Int,
  epochs: Schema.Int,
  /** True if the run diverged or learned nothing: loss or gradient not finite, or a last-epoch loss no better than chance. */
  failed: Schema.Boolean,
  /** Mean loss of the batches of the last epoch, each before its step. */
  trainLoss: Schema.Number,
  validationAccuracy: Schema.Number,
  testAccuracy: Schema.Number,
  /** The highest validation accuracy of its round, of all methods and of its own. */
  chosen: Schema.Boolean,
  chosenOfMethod: Schema.Boolean,
  /** Test accuracy of the round's chosen run minus that of this run; NaN if it failed. */
  shortfall: Schema.Number,
  /** Share of the tolerances within which the run is good. */
  goodness: Share,
})

type Row = typeof Row.Type

interface Setting {
  readonly data: ImageSplit
  readonly config: Config
  readonly batchNormalisation: boolean
  readonly seed: Seed.Seed
  readonly kernels: Kernels
}

const problemOf = ({ batchNormalisation, config, data, kernels }: Setting) => {
  const channels = config.images === "fashion-mnist" ? 1 : 3
  const side = Math.sqrt(data.dimension / channels)
  const architecture = resNet8({
    input: { height: side, width: side, channels },
    classes: data.classes,
    channels: config.channels,
    batchNormalisation,
  })
  return singlePrecision({
    features: data.train.features,
    dimension: data.dimension,
    architecture,
    loss: Loss.crossEntropy(data.train.labels),
    kernels,
  })
}

type Problem = ReturnType<typeof problemOf>

interface Item {
  readonly contender: Contender
  readonly learningRate: number
  /** Divisor of the radius of the contender: 1, or the length of a gradient. */
  readonly per: number
}

/** Row before its round is evaluated. */
type Measured = Omit<Row, "chosen" | "chosenOfMethod" | "shortfall" | "goodness">

/** Run that pauses at the end of each round. All runs of a seed have the same start and the same batches. */
const runOf = (problem: Problem, { contender, learningRate, per }: Item, setting: Setting) => {
  const { batchNormalisation, config, data, seed } = setting
  const { batchSize } = config
  const coefficient = contender.radius / per
  const batches = Minibatch.shuffled(problem, { batchSize, seed: seed.child("batches") })
  const method = methodOf({ ...contender, radius: coefficient }, learningRate)
  const state = method.init(batches, Initialisation.he(problem.architecture, seed.child("start")))
  const perEpoch = Math.max(1, Math.floor(problem.size / batchSize))
  const name = contender.method === "GD" ? "SGD" : contender.method
  let gradients = 0
  let epochs = 0
  let loss = Number.NaN
  const epoch = (): void => {
    loss = 0
    for (let k = 0; k < perEpoch && state.status === "running"; k++) {
      loss += method.step(state) / perEpoch
      gradients += Vector.norm(state.gradient)
      batches.advance()
    }
    epochs++
  }
  const accuracies = () => {
    const statistics = meanStatistics(problem, state.point, Math.min(batchSize, problem.size))
    return [data.validation, data.test].map(({ features, labels }) =>
      problem.accuracy(state.point, statistics, features, labels),
    )
  }
  return {
    name,
    /** The mean length of the gradients so far. */
    gradient: () => gradients / state.steps,
    /** Continues to the given epoch. */
    until: (round: number, end: number): Measured => {
      for (let left = end - epochs; left > 0 && state.status === "running"; left--) epoch()
      const isFinite = state.status === "running"
      const [validationAccuracy, testAccuracy] = isFinite ? accuracies() : [Number.NaN, Number.NaN]
      return {
        batchNormalisation,
        method: name,
        learningRate,
        radius: contender.radius,
        coefficient,
        length: contender.method === "USAM" ? (coefficient * gradients) / state.steps : coefficient,
        round,
        epochs,
        failed: !(isFinite && loss < Elementary.log(data.classes)),
        trainLoss: isFinite ? loss : Number.NaN,
        validationAccuracy: validationAccuracy!,
        testAccuracy: testAccuracy!,
      }
    },
  }
}

/**
 * Indices of the `count` highest validation accuracies in descending order; runs without one come last, and ties go to the
 * first.
 */
const best = (rows: ReadonlyArray<Measured>, count: number): ReadonlyArray<number> => {
  const of = (place: number) => {
    const { validationAccuracy } = rows[place]!
    return Number.isNaN(validationAccuracy) ? -1 : validationAccuracy
  }
  return rows
    .map((_, place) => place)
    .toSorted((a, b) => of(b) - of(a) || a - b)
    .slice(0, count)
}

/** Rows of a round, each compared with the run that the validation set chooses. */
const judged = (
  rows: ReadonlyArray<Measured>,
  tolerances: ReadonlyArray<number>,
): ReadonlyArray<Row> => {
  const chosen = rows[best(rows, 1)[0]!]!
  const ofMethods = names.map((name) => {
    const own = rows.filter(({ method }) => method === name)
    return own[best(own, 1)[0]!]
  })
  return rows.map((row) => {
    const shortfall = row.failed ? Number.NaN : chosen.testAccuracy - row.testAccuracy
    return {
      ...row,
      chosen: row === chosen,
      chosenOfMethod: ofMethods.includes(row),
      shortfall,
      goodness: tolerances.filter((tolerance) => shortfall <= tolerance).length / tolerances.length,
    }
  })
}

const rowsOf = (setting: Setting): ReadonlyArray<Row> => {
  const { kept, learningRates, radii, rounds, tolerances } = setting.config
  const problem = problemOf(setting)
  const made = (list: ReadonlyArray<Contender>, per: number) =>
    learningRates.flatMap((learningRate) =>
      list.map((contender) => runOf(problem, { contender, learningRate, per }, setting)),
    )
  const first = (runs: ReturnType<typeof made>) =>
    runs.map((run) => ({ run, row: run.until(1, rounds[0]!) }))
  const sgd = first(made([gradientDescent], 1))
  const [reference] = best(
    sgd.map(({ row }) => row),
    1,
  )
  let runs = [
    ...sgd,
    ...first(made(contenders("SAM", radii), 1)),
    ...first(made(contenders("USAM", radii), sgd[reference!]!.run.gradient())),
  ]
  const rows = [
    ...judged(
      runs.map(({ row }) => row),
      tolerances,
    ),
  ]
  for (const [at, end] of rounds.slice(1).entries()) {
    runs = names.flatMap((name) => {
      const own = runs.filter(({ run }) => run.name === name)
      const places = best(
        own.map(({ row }) => row),
        Math.ceil(kept * own.length),
      )
      return places.map((place) => {
        const { run } = own[place]!
        return { run, row: run.until(at + 2, end) }
      })
    })
    rows.push(
      ...judged(
        runs.map(({ row }) => row),
        tolerances,
      ),
    )
  }
  return rows
}

const reference: Config = {
  images: "fashion-mnist",
  batchNormalisation: [false, true],
  channels: 4,
  trainPerClass: 50,
  validationPerClass: 50,
  testPerClass: 100,
  radii: [0.05, 0.2],
  learningRates: [0.05, 0.2],
  batchSize: 50,
  rounds: [5, 15],
  kept: 1 / 3,
  tolerances: [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1],
}

/** Settings of a method, as captions count them. */
const counted = (rows: ReadonlyArray<Row>): string =>
  names
    .flatMap((name) => {
      const count = rows.filter(({ method }) => method === name).length
      return count === 0 ? [] : [`${count} of ${name}`]
    })
    .join(", ")

export const normalisationAndRobustness = Experiment.table({
  id: "optim-sam/normalisation-and-robustness",
  title: "Share of good settings of SGD, SAM and USAM by tolerance",
  source: derived("after the experiments on images (as recalled), in our own setting"),
  question:
    "With and without batch normalisation, at which learning rates and radii are SGD, SAM and USAM about as accurate as the run chosen on a validation set? How accurate is each method at the setting chosen on a validation set?",
  paperScale:
    "The paper trains a ResNet-18 with batch normalisation on CIFAR-10 (as recalled); here a ResNet-8 of four channels learns 500 images of Fashion-MNIST.",
  config: Config,
  columns: Row,
  presets: {
    smoke: {
      ...reference,
      channels: 1,
      trainPerClass: 3,
      validationPerClass: 3,
      testPerClass: 3,
      radii: [0.05],
      learningRates: [0.1],
      batchSize: 10,
      rounds: [1, 2],
    },
    fast: {
      ...reference,
      batchNormalisation: [true],
      channels: 2,
      trainPerClass: 20,
      validationPerClass: 20,
      testPerClass: 50,
      radii: [0.1],
      learningRates: [0.01, 0.2],
      batchSize: 10,
      rounds: [8, 12],
    },
    paper: reference,
  },
  paperSeconds: 40,
  cases: ({ batchNormalisation }) => batchNormalisation,
  prepare: ({ config: { images, testPerClass, trainPerClass, validationPerClass } }) =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const counts = { trainPerClass: trainPerClass + validationPerClass, testPerClass }
      const loaded = yield* datasets.load(images, counts)
      return imageSplit(loaded, { trainPerClass, validationPerClass })
    }),
  row: (batchNormalisation, { config, kernels, seed, shared }) =>
    rowsOf({ data: shared, config, batchNormalisation, kernels, seed }),
  figures: (rows, { tolerances }) => {
    const round = rows.filter((row) => row.round === 1)
    const kinds = Summary.distinct(round.map((row) => row.batchNormalisation))
    const panel = { field: "batchNormalisation", title: "batch normalisation" } as const
    const series = { field: "method", title: "method" } as const
    const ofOne = counted(round.filter((row) => row.batchNormalisation === kinds[0]))
    const size = `Round 1, one seed: ${ofOne}, each of ${round[0]?.epochs ?? 0} epochs; one seed gives no confidence interval.`
    const shares = kinds.flatMap((batchNormalisation) =>
      names.flatMap((method) => {
        const own = round.filter(
          (row) => row.method === method && row.batchNormalisation === batchNormalisation,
        )
        return tolerances.map((tolerance) => ({
          batchNormalisation,
          method,
          tolerance,
          share: own.filter(({ shortfall }) => shortfall <= tolerance).length / own.length,
        }))
      }),
    )
    return [
      Figure.lines({
        id: "tolerance",
        title: "Share of good settings by tolerance",
        caption: `A run is good if its test accuracy is at most the tolerance below that of the run with the highest validation accuracy. ${size}`,
        rows: shares,
        x: { field: "tolerance", title: "tolerance in accuracy" },
        y: { field: "share", title: "share of settings" },
        series,
        panel,
      }),
      Figure.points({
        id: "accuracy",
        title: "Test accuracy over radii",
        caption: `Each point is one run that did not diverge, at each learning rate. SGD has radius 0, and the radius of USAM is the length of its perturbation at a gradient of mean length. ${size}`,
        rows: round.filter(({ testAccuracy }) => !Number.isNaN(testAccuracy)),
        x: { field: "radius", title: "radius" },
        y: { field: "testAccuracy", title: "test accuracy" },
        series,
        panel,
      }),
    ]
  },
  expectations: (rows, { learningRates }) => {
    if (learningRates.length < 2) return []
    const round = rows.filter((row) => row.round === 1)
    const kinds = Summary.distinct(round.map((row) => row.batchNormalisation))
    const regrets = (isTaken: (row: Row) => boolean) =>
      kinds.flatMap((kind) => {
        const own = round.filter((row) => row.batchNormalisation === kind)
        const highest = Summary.largest(
          own.map(({ testAccuracy }) => testAccuracy).filter((accuracy) => !Number.isNaN(accuracy)),
        )
        return own.filter(isTaken).map(({ testAccuracy }) => highest - testAccuracy)
      })
    const least = Summary.smallest(learningRates)
    return [
      Expectation.atMost(
        "highest test accuracy of all runs minus that of the run chosen on the validation set",
        regrets(({ chosen }) => chosen),
        0.06,
        {
          control: "SGD at the smallest learning rate instead",
          observed: regrets(
            ({ learningRate, method }) => method === "SGD" && learningRate === least,
          ),
        },
      ),
    ]
  },
})
