/** The sparse regression benchmark: label noise against gradient descent, judged by a linear program. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { basisPursuit, type Unsolved } from "@nonconvex/problems/BasisPursuit"
import { Effect, Schema, Stream } from "effect"
import {
  benchmark,
  costs,
  noisyWeights,
  plainWeights,
  sparseProblem,
  testError,
} from "../support/SparseProblem.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))
const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

const Config = Schema.Struct({
  dimension: Count,
  samples: Count,
  nonzero: Count,
  learningRate: Positive,
  noise: Positive,
  steps: Count,
  seeds: Count,
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  seed: Schema.Int,
  method: Schema.String,
  /** Squared distance from the true weights. */
  testError: Schema.Number,
  /** `sum_k c_k w_k`: the sharpness, up to a constant. */
  value: Schema.Number,
})
type Row = typeof Row.Type

export const sparseRegression = experiment<Config, Row, Unsolved>({
  id: "label-noise/sparse-regression",
  title: "Label noise finds sparse weights",
  source: {
    paper: "HaoChen, Wei, Lee, Ma 2021 (noise-implicit-bias)",
    statement: "benchmark of its published code; the linear program is ours",
    basis: "as recalled",
  },
  question:
    "Does label noise find the weights that a linear program finds, and gradient descent not?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...benchmark, steps: 3000, seeds: 1 },
    fast: benchmark,
    paper: { ...benchmark, seeds: 20 },
  },
  paperSeconds: 7,
  rows: ({ seeds }) => 3 * seeds,
  run: (config, root) =>
    Stream.range(0, config.seeds - 1).pipe(
      Stream.flatMap((seed) => {
        const own = root.child(seed)
        const problem = sparseProblem(own, config)
        const c = costs(problem)
        const row = (method: string, weights: Float64Array): Row => ({
          seed,
          method,
          testError: testError(problem, weights),
          value: Vector.dot(c, weights),
        })
        return Stream.fromIterable([
          Effect.sync(() => row("label noise", noisyWeights(problem, config, own.child("run")))),
          Effect.sync(() => row("gradient descent", plainWeights(problem, config))),
          basisPursuit({
            matrix: problem.features,
            labels: problem.labels,
            costs: c,
            isNonNegative: true,
          }).pipe(Effect.map(({ weights }) => row("linear program", weights))),
        ]).pipe(Stream.mapEffect((compute) => Effect.andThen(Effect.yieldNow, compute)))
      }),
    ),
  figures: (rows) => [
    Figure.points({
      id: "errors",
      title: "Squared distance from the true weights",
      caption: "Label noise comes a thousand times closer than gradient descent does.",
      rows: rows.map((row) => ({ ...row, testError: Math.max(row.testError, 1e-20) })),
      x: { field: "seed", title: "seed" },
      y: { field: "testError", title: "squared distance", scale: "log" },
      series: { field: "method", title: "method" },
    }),
  ],
  expectations: (rows, { seeds, steps }) => {
    if (steps < benchmark.steps) return []
    return Array.from({ length: seeds }, (_, seed) => {
      const of = (method: string) => rows.find((row) => row.seed === seed && row.method === method)!
      const [noisy, plain, exact] = [
        of("label noise"),
        of("gradient descent"),
        of("linear program"),
      ]
      return [
        Expectation.atMost(`seed ${seed}: error of the linear program`, exact.testError, 1e-10),
        Expectation.atLeast(
          `seed ${seed}: error of gradient descent over that of label noise`,
          plain.testError / noisy.testError,
          1000,
        ),
        Expectation.within(
          `seed ${seed}: sharpness after label noise over that of the linear program`,
          noisy.value / exact.value,
          1,
          { absolute: 0.05 },
        ),
      ]
    }).flat()
  },
})
