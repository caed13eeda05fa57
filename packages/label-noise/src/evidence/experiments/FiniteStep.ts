/** Speed-up of the drift along the minima by a learning rate that is not small. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as Activation from "../../network/Activation.ts"
import { type TwoLayer, twoLayerThrough } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { driftFactor } from "../support/MeanDrift.ts"

/** Two orthogonal data, on both of which the two neurons differ in the same way. */
const theta = Float64Array.of(0.9, 0.9, 0.3, 0.3)

const networkWith = (kernels: Kernels): TwoLayer =>
  twoLayerThrough(theta, {
    activation: Activation.cubic(1),
    features: Float64Array.of(1, 0, 0, 1),
    dimension: 2,
    neurons: 2,
    kernels,
  })

/** `sum_j phi'(z_ij)^2` for each datum; each of the Hessian's two eigenvalues is half of it. */
const squareOfGradient = Elementary.square(3 * 0.81 + 1) + Elementary.square(3 * 0.09 + 1)

const reference = {
  products: [0.1, 0.57, 0.86, 1.08, 1.35],
  noise: 0.03,
  steps: 400,
  pairs: 400,
}

const casesOf = ({ products }: { readonly products: ReadonlyArray<number> }) =>
  products.flatMap((product) => [
    { product, batch: 2, sampling: "all data" },
    { product, batch: 1, sampling: "one" },
  ])

/** Points on the theoretical curve, from 0 to the largest product. */
const along = (rows: ReadonlyArray<{ readonly product: number }>): ReadonlyArray<number> => {
  const last = Summary.largest(rows.map(({ product }) => product))
  return Array.from({ length: 41 }, (_, k) => (k / 40) * last)
}

export const finiteStep = Experiment.table({
  id: "label-noise/finite-step",
  title: "The drift of label noise at learning rates that are not small",
  source: {
    paper: "Damian, Ma, Lee 2021; Gatmiry, Li, Reddi, Jegelka 2024",
    statement: "finite-step factor, also derived here for one data point per step",
    basis: "derived here",
  },
  question: "By which factor does the drift exceed that at a small learning rate?",
  config: Schema.Struct({
    /** Learning rate times the Hessian's eigenvalue, for full batches; between 0 and 2. */
    products: Schema.Array(Schema.Finite.check(Schema.isBetween({ minimum: 0.01, maximum: 1.6 }))),
    noise: Positive,
    steps: Count,
    pairs: Count,
  }),
  columns: Schema.Struct({
    sampling: Schema.String,
    product: Schema.Number,
    measured: Schema.Number,
    predicted: Schema.Number,
  }),
  presets: {
    smoke: { ...reference, products: [0.57], steps: 100, pairs: 5 },
    fast: reference,
    paper: { ...reference, pairs: 4000 },
  },
  paperSeconds: 8,
  cases: casesOf,
  row: ({ batch, product, sampling }, { config, kernels, seed }) => {
    const measured = driftFactor({
      ...config,
      network: networkWith(kernels),
      theta,
      // with one of two data a step the same product needs half the learning rate
      learningRate: (product * batch) / squareOfGradient,
      batch,
      seed: seed.child(sampling).child(product),
    })
    return { sampling, product, measured, predicted: Theory.finiteStepFactor(product) }
  },
  figures: (rows) => [
    Figure.points({
      id: "factor",
      title: "Drift / drift at a small learning rate",
      conclusion:
        'Both samplings follow the curve "1 / (1 - x / 2)", with x = eta lambda, or n eta lambda for one data point per step.',
      rows,
      x: { field: "product", title: "x" },
      y: { field: "measured", title: "factor" },
      series: { field: "sampling", title: "data a step" },
      references: [
        Figure.curve(
          "1 / (1 - x / 2)",
          along(rows).map((x) => [x, Theory.finiteStepFactor(x)]),
        ),
      ],
    }),
  ],
  expectations: (rows, config) =>
    config.pairs < reference.pairs
      ? []
      : casesOf(config).map(({ product, sampling }) =>
          Expectation.within(
            `factor at ${product}, ${sampling} per step`,
            rows
              .filter((row) => row.product === product && row.sampling === sampling)
              .map(({ measured }) => measured),
            Theory.finiteStepFactor(product),
            { relative: 0.06 },
            {
              control: "other learning rates",
              observed: rows.filter((row) => row.product !== product).map((row) => row.measured),
            },
          ),
        ),
})
