/**
 * Figures 2(b) and 4 of the companion paper: the test loss of a network, its quadratic and its linear model by learning rate.
 *
 * Two layers of 5,000 neurons, 128 training images, SGD with batches of 32, means of five runs: as printed. The images are two
 * classes of Fashion-MNIST in place of theirs (CIFAR, SVHN, MNIST; also spoken digits and news), and runs end at equal training
 * loss: ours. Their convolutional networks, three layers and other activations are not here.
 */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Effect, Schema, Stream } from "effect"
import { printed } from "../support/Paper.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { meanSquared, type OutputLoss } from "../../network/OutputLoss.ts"
import { sampleDescent } from "../../descent/SampleDescent.ts"
import { signAccuracy } from "../support/SignAccuracy.ts"
import { fashionPair, type Images } from "../support/FashionPair.ts"
import { Model, predictions, train } from "../support/ImageModels.ts"
import { type BatchModel, linearInSamples } from "../support/LinearInSamples.ts"
import { Count, partsBy, Positive, runsOf, seedFields } from "../support/Runs.ts"
import { distinct, mean } from "../support/Table.ts"

const Config = Schema.Struct({
  /** Read the full files where they are installed; the shipped part otherwise. */
  installed: Schema.Boolean,
  samples: Schema.Int.check(Schema.isGreaterThan(9)),
  testSamples: Count,
  width: Count,
  batchSize: Count,
  models: Schema.Array(Model),
  /** Learning rates over the critical one of all samples at the start. */
  multiples: Schema.Array(Positive),
  ...seedFields,
  tolerance: Positive,
  epochs: Count,
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  model: Model,
  multiple: Schema.Finite,
  seed: Schema.Int,
  source: Schema.String,
  outcome: Schema.String,
  epochs: Schema.Int,
  /** Largest loss of a batch over the loss at the start. */
  peak: Schema.Number,
  testLoss: Schema.Number,
  accuracy: Schema.Number,
})
type Row = typeof Row.Type

/** All rates of one model from one start. */
const one = Effect.fnUntraced(function* (
  config: Config,
  model: Model,
  k: number,
  data: { readonly train: Images; readonly test: Images; readonly inputs: number; source: string },
  root: Seed.Seed,
) {
  const { multiples, width } = config
  const { features, labels } = data.train
  const seed = root.child(k)
  const architecture = ntkArchitecture({ widths: [data.inputs, width] })
  const loss: OutputLoss = meanSquared(labels)
  const start = normalStart(architecture, seed.child("start"))
  const network = sampleDescent({ architecture, features, loss, start })
  network.evaluate()
  const critical = network.criticalRate()
  const fresh = (): BatchModel => {
    if (model === "linear model") return linearInSamples({ architecture, features, loss, start })
    const gates = model === "network" ? {} : { gatesAt: start }
    return sampleDescent({ architecture, features, loss, start, ...gates })
  }
  const runs = yield* Effect.forEach(multiples, (multiple) =>
    Effect.gen(function* () {
      const trained = fresh()
      const run = yield* train(trained, multiple * critical, config, seed.child("batches"))
      const isLost = run.outcome === "diverged"
      return { ...run, multiple, point: isLost ? undefined : trained.parameters() }
    }),
  )
  const found = yield* predictions(
    model,
    architecture,
    data.test.features,
    start,
    runs.flatMap(({ point }) => point ?? []),
  )
  let at = 0
  return runs.map(({ point, ...run }): Row => {
    const { labels: truth } = data.test
    const predicted = point === undefined ? undefined : found[at++]!
    return {
      ...run,
      model,
      seed: k,
      source: data.source,
      testLoss:
        predicted === undefined
          ? Number.NaN
          : Vector.distance(predicted, truth) ** 2 / truth.length,
      accuracy: predicted === undefined ? Number.NaN : signAccuracy(predicted, truth),
    }
  })
})

const reference: Config = {
  installed: true,
  samples: 128,
  testSamples: 2000,
  width: 5000,
  batchSize: 32,
  models: ["network", "quadratic model", "linear model"],
  multiples: [0.3, 0.6, 0.9, 1.2, 1.5, 1.8],
  firstSeed: 0,
  seeds: 5,
  tolerance: 1e-3,
  epochs: 1000,
}

const quick: Config = {
  ...reference,
  installed: false,
  samples: 64,
  testSamples: 400,
  width: 1000,
  batchSize: 16,
  multiples: [0.6, 0.9, 1.3, 1.7],
  seeds: 2,
  tolerance: 1e-2,
}

export const testLossByRate = experiment<Config, Row, { readonly message: string }>({
  id: "catapults/test-loss-by-rate",
  title: "Test loss by learning rate, of a network, its quadratic and its linear model",
  source: printed("Figures 2(b) and 4, on other images"),
  question:
    "Are the three alike below the critical rate, and do past it the network and its quadratic model generalise better while the linear one diverges?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...quick, width: 400, multiples: [0.9, 1.5], seeds: 1, tolerance: 0.05 },
    fast: quick,
    paper: reference,
  },
  paperSeconds: 240,
  rows: ({ models, multiples, seeds }) => models.length * multiples.length * seeds,
  parts: (config) => partsBy("models", config),
  run: (config, seed) =>
    Stream.unwrap(
      Effect.map(
        fashionPair({
          train: config.samples,
          test: config.testSamples,
          installed: config.installed,
        }),
        (pair) =>
          Stream.fromIterable(runsOf(config.models, config)).pipe(
            Stream.mapEffect(({ seed: k, value }) => one(config, value, k, pair, seed)),
            Stream.flatMap((rows) => Stream.fromIterable(rows)),
          ),
      ),
    ),
  figures: (rows) => [
    Figure.points({
      id: "test-loss",
      title: "Test loss by learning rate",
      caption:
        "Each point is a run to the same training loss. Past the critical rate there is no point of the linear model: it diverges.",
      rows: rows.filter(({ outcome }) => outcome !== "diverged"),
      x: { field: "multiple", title: "learning rate over the critical one" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "model", title: "model" },
    }),
  ],
  expectations: (rows, { models, multiples }) => {
    const at = (model: Model, multiple: number, field: (row: Row) => number) =>
      mean(rows, field, (row) => row.model === model && row.multiple === multiple)
    const test = (model: Model, multiple: number) => at(model, multiple, (row) => row.testLoss)
    const below = multiples.filter((multiple) => multiple < 1)
    const past = multiples.filter((multiple) => multiple > 1.1 && multiple < 2)
    const bent = ["network", "quadratic model"] as const
    const ofPast = (isLinear: boolean) =>
      rows.filter(
        ({ model, multiple }) => multiple > 1.1 && (model === "linear model") === isLinear,
      )
    const outcomes = (list: ReadonlyArray<Row>) =>
      distinct(list, ({ outcome }) => outcome).join(", ")
    return [
      Expectation.that(
        "Below the critical rate all fit",
        rows.every(({ multiple, outcome }) => multiple > 1 || outcome === "fitted"),
        outcomes(rows.filter(({ multiple }) => multiple < 1)),
        "fitted",
      ),
      Expectation.atMost(
        "and their mean test losses are alike",
        Math.max(
          ...below.map((multiple) => {
            const losses = models.map((model) => test(model, multiple))
            return Math.max(...losses) / Math.min(...losses)
          }),
        ),
        1.1,
      ),
      Expectation.that(
        "Past it every run of the linear model diverges",
        ofPast(true).every(({ outcome }) => outcome === "diverged"),
        outcomes(ofPast(true)),
        "diverged",
      ),
      Expectation.that(
        "and every run of the other two fits",
        ofPast(false).every(({ outcome }) => outcome === "fitted"),
        outcomes(ofPast(false)),
        "fitted",
      ),
      Expectation.atLeast("after a spike", Math.min(...ofPast(false).map(({ peak }) => peak)), 2),
      ...bent.map((model) =>
        Expectation.increasing(`${model}: the best test loss is past the critical rate`, [
          ["past", Math.min(...past.map((multiple) => test(model, multiple)))],
          ["below", Math.min(...below.map((multiple) => test(model, multiple)))],
        ]),
      ),
    ]
  },
})
