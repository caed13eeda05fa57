/**
 * Figures 2(b) and 4 of the companion paper: test loss of a network and of its quadratic and linear models, by learning
 * rate.
 *
 * Two layers of 5,000 neurons, 128 training images, SGD with batches of 32, means of five runs: as printed. Ours: two
 * classes of Fashion-MNIST replace their images (CIFAR, SVHN, MNIST), spoken digits and news. Runs end at equal
 * training loss. Their convolutional networks, three-layer networks and other activations are not reproduced.
 */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { sampleDescent } from "../../descent/SampleDescent.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { fashionPair } from "../support/FashionPair.ts"
import { Model, predictions, train } from "../support/ImageModels.ts"
import { type BatchModel, linearInSamples } from "../support/LinearInSamples.ts"
import { converted } from "../support/Paper.ts"
import { runsOf, seedFields } from "../support/Runs.ts"
import { testedOn } from "../support/SignAccuracy.ts"
import { allEnd, mean } from "../support/Table.ts"

const Columns = Schema.Struct({
  model: Model,
  multiple: Schema.Finite,
  seed: Schema.Int,
  outcome: Schema.String,
  epochs: Schema.Int,
  /** Largest loss of a batch over the loss at the start. */
  peak: Schema.Number,
  testLoss: Schema.Number,
  accuracy: Schema.Number,
})

type Row = typeof Columns.Type

const reference = {
  samples: 128,
  testSamples: 2000,
  width: 5000,
  batchSize: 32,
  models: Model.literals,
  multiples: [0.3, 0.6, 0.9, 1.2, 1.5, 1.8],
  firstSeed: 0,
  seeds: 5,
  tolerance: 1e-3,
  epochs: 1000,
}

const quick = {
  ...reference,
  samples: 64,
  testSamples: 400,
  width: 1000,
  batchSize: 16,
  multiples: [0.6, 0.9, 1.3, 1.7],
  seeds: 2,
  tolerance: 1e-2,
}

export const testLossByRate = Experiment.table({
  id: "catapults/test-loss-by-rate",
  title: "Test loss by learning rate, for a network and its quadratic and linear models",
  source: converted("Figures 2(b) and 4, on other images"),
  question:
    "Do the three agree below the critical learning rate, and above it do the network and its quadratic model generalise better while the linear model diverges?",
  paperScale:
    "The companion article has 128 to 256 samples of two classes, 2000 test samples, a width of 5000, batches of 32 and 5 runs, on five data sets. Here one of them is used, with Fashion-MNIST instead of MNIST.",
  config: Schema.Struct({
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
  }),
  columns: Columns,
  presets: {
    smoke: { ...quick, width: 400, multiples: [0.6, 0.9, 1.5], seeds: 1, tolerance: 0.05 },
    fast: quick,
    paper: reference,
  },
  paperSeconds: 300,
  // all rates of one model from one start
  cases: (config) => runsOf(config.models, config),
  prepare: ({ config: { samples, testSamples } }) =>
    fashionPair({ train: samples, test: testSamples }),
  row: ({ seed: k, value: model }, { config, kernels, seed: root, shared }) => {
    const { multiples, width } = config
    const { inputs, test, train: images } = shared
    const { features, labels } = images
    const seed = root.child(k)
    const architecture = ntkArchitecture({ widths: [inputs, width] })
    const loss = meanSquared(labels)
    const start = normalStart(architecture, seed.child("start"))
    const problem = { architecture, features, kernels, loss, start }
    const network = sampleDescent(problem)
    network.evaluate()
    const critical = network.criticalRate()
    const fresh = (): BatchModel => {
      if (model === "linear model") return linearInSamples(problem)
      return sampleDescent(model === "network" ? problem : { ...problem, gatesAt: start })
    }
    const runs = multiples.map((multiple) => {
      const trained = fresh()
      const run = train(trained, multiple * critical, config, seed.child("batches"))
      const point = run.outcome === "diverged" ? undefined : trained.parameters()
      return { multiple, run, point }
    })
    const points = runs.flatMap(({ point }) => point ?? [])
    const tested = { architecture, features: test.features, kernels, start }
    const found = predictions(model, tested, points)
    return runs.map(({ multiple, point, run }): Row => {
      const predicted = point === undefined ? undefined : found[points.indexOf(point)]
      return { model, multiple, seed: k, ...run, ...testedOn(predicted, test.labels) }
    })
  },
  figures: () => [
    Figure.points<Row>({
      id: "test-loss",
      title: "Test loss by learning rate",
      caption:
        "Each point is a run to the same training loss. Above the critical learning rate the linear model has no points, since it diverges.",
      where: { outcome: ["fitted", "budget"] },
      x: { field: "multiple", title: "learning rate / critical learning rate" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "model", title: "model" },
      references: [Figure.upright("the critical rate", 1)],
    }),
  ],
  expectations: (rows, { models, multiples }) => {
    const test = (model: Model, multiple: number) =>
      mean(
        rows,
        (row) => row.testLoss,
        (row) => row.model === model && row.multiple === multiple,
      )
    const below = multiples.filter((multiple) => multiple < 1)
    const past = multiples.filter((multiple) => multiple > 1.1 && multiple < 2)
    const calm = rows.filter(({ multiple }) => multiple <= 1)
    const bent = ["network", "quadratic model"] as const
    const ofPast = (isLinear: boolean) =>
      rows.filter(
        ({ model, multiple }) => multiple > 1.1 && (model === "linear model") === isLinear,
      )
    const [linear, others] = [ofPast(true), ofPast(false)]
    const asLinear = { control: "the linear model", observed: linear }
    const peaks = (some: ReadonlyArray<Row>) => some.map(({ peak }) => peak)
    const spread = (losses: ReadonlyArray<number>) =>
      Summary.largest(losses) / Summary.smallest(losses)
    const best = (model: Model, some: ReadonlyArray<number>) =>
      Summary.smallest(some.map((multiple) => test(model, multiple)))
    // the rate that is nearest to the critical one, against smaller ones
    const [nearest, smaller] = [below.slice(-1), below.slice(0, -1)]
    return [
      allEnd("Below the critical learning rate all models fit", calm, "fitted", asLinear),
      Expectation.atMost(
        "Largest / smallest mean test loss of the three models below the critical learning rate",
        below.map((multiple) => spread(models.map((model) => test(model, multiple)))),
        1.1,
        {
          control: "one of them above the critical learning rate",
          observed: past.map((multiple) =>
            spread([test("network", multiple), ...below.map((calmer) => test("network", calmer))]),
          ),
        },
      ),
      allEnd("Above the critical learning rate every linear model diverges", linear, "diverged", {
        control: "below it",
        observed: calm.filter(({ model }) => model === "linear model"),
      }),
      allEnd(
        "Above the critical learning rate every network and quadratic model fits",
        others,
        "fitted",
        asLinear,
      ),
      Expectation.atLeast("Peak loss of these runs / initial loss", peaks(others), 2, {
        control: "below the critical learning rate",
        observed: peaks(calm),
      }),
      ...bent.map((model) =>
        Expectation.atMost(
          `${model}: best test loss above the critical learning rate / best one below it`,
          best(model, past) / best(model, below),
          0.95,
          {
            control: "a larger learning rate below the critical one",
            observed: best(model, nearest) / best(model, smaller),
          },
        ),
      ),
    ]
  },
})
