/** How much faster a learning rate that is not small drifts along the minima. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { Effect, Schema, Stream } from "effect"
import * as Activation from "../../network/Activation.ts"
import * as Theory from "../../theory/Theory.ts"
import { relabelled, twoLayer } from "../../network/TwoLayer.ts"
import { driftFactor } from "../support/MeanDrift.ts"

const Config = Schema.Struct({
  /** Learning rate times the Hessian's eigenvalue, with all data a step; between 0 and 2. */
  products: Schema.Array(Schema.Finite.check(Schema.isBetween({ minimum: 0.01, maximum: 1.6 }))),
  noise: Schema.Finite.check(Schema.isGreaterThan(0)),
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
  pairs: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  sampling: Schema.String,
  product: Schema.Number,
  measured: Schema.Number,
  predicted: Schema.Number,
})
type Row = typeof Row.Type

/** Two orthogonal data on which the same two neurons differ. */
const theta = Float64Array.of(0.9, 0.9, 0.3, 0.3)
const network = relabelled(
  twoLayer({
    activation: Activation.cubic(1),
    features: Float64Array.of(1, 0, 0, 1),
    dimension: 2,
    labels: new Float64Array(2),
    neurons: 2,
  }),
  theta,
)
/** `sum_j phi'(z_ij)^2` of each datum; the Hessian's two eigenvalues are half of it. */
const squareOfGradient = (3 * 0.81 + 1) ** 2 + (3 * 0.09 + 1) ** 2

const reference: Config = {
  products: [0.1, 0.57, 0.86, 1.08, 1.35],
  noise: 0.03,
  steps: 400,
  pairs: 400,
}

export const finiteStep = experiment<Config, Row>({
  id: "label-noise/finite-step",
  title: "The drift of label noise at learning rates that are not small",
  source: {
    paper: "Damian, Ma, Lee 2021; Gatmiry, Li, Reddi, Jegelka 2024",
    statement: "finite-step factor, derived here also for one datum a step",
    basis: "derived here",
  },
  question: "By which factor does the drift exceed that of a small learning rate?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, products: [0.57], steps: 100, pairs: 5 },
    fast: reference,
    paper: { ...reference, pairs: 4000 },
  },
  paperSeconds: 8,
  rows: (config) => 2 * config.products.length,
  run: (config, seed) =>
    Stream.fromIterable(
      config.products.flatMap((product) =>
        [2, 1].map((batch) => ({ product, batch, sampling: batch === 2 ? "all data" : "one" })),
      ),
    ).pipe(
      Stream.mapEffect(({ batch, product, sampling }) =>
        Effect.gen(function* () {
          yield* Effect.yieldNow
          // with one of two data a step the same product needs half the learning rate
          const learningRate = (product * batch) / squareOfGradient
          const measured = driftFactor({
            ...config,
            network,
            theta,
            learningRate,
            batch,
            seed: seed.child(sampling).child(product),
          })
          return { sampling, product, measured, predicted: Theory.finiteStepFactor(product) }
        }),
      ),
    ),
  figures: (rows) => [
    Figure.lines({
      id: "factor",
      title: "Drift over that of a small learning rate",
      caption:
        "Both samplings follow 1 / (1 - x / 2), with x = eta lambda, or n eta lambda for one.",
      rows: [
        ...rows,
        ...rows
          .filter(({ sampling }) => sampling === "one")
          .map((row) => ({ ...row, sampling: "1 / (1 - x / 2)", measured: row.predicted })),
      ],
      x: { field: "product", title: "x" },
      y: { field: "measured", title: "factor" },
      series: { field: "sampling", title: "data a step" },
    }),
  ],
  expectations: (rows, config) =>
    config.pairs < reference.pairs
      ? []
      : rows.map(({ measured, predicted, product, sampling }) =>
          Expectation.within(`factor at ${product}, ${sampling} a step`, measured, predicted, {
            relative: 0.06,
          }),
        ),
})
