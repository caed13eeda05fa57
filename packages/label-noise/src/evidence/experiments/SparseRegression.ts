/** Sparse regression benchmark: label noise against gradient descent, with a linear program as reference. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Vector from "@nonconvex/numerics/Vector"
import { basisPursuitSolver } from "@nonconvex/problems/BasisPursuit"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import {
  benchmark,
  costs,
  noisyWeights,
  plainWeights,
  sparseProblem,
  testError,
} from "../support/SparseProblem.ts"

/** In the order of their rows. */
const methods = ["label noise", "gradient descent", "linear program"] as const

type Method = (typeof methods)[number]

export const sparseRegression = Experiment.table({
  id: "label-noise/sparse-regression",
  title: "Label noise finds sparse weights",
  source: {
    paper: "HaoChen, Wei, Lee, Ma 2021 (noise-implicit-bias)",
    statement: "benchmark of its published code; the linear program is ours",
    basis: "as recalled",
  },
  question:
    "Does label noise, unlike gradient descent, find the weights that a linear program finds?",
  config: Schema.Struct({
    dimension: Count,
    samples: Count,
    nonzero: Count,
    learningRate: Positive,
    noise: Positive,
    steps: Count,
    seeds: Count,
  }),
  columns: Schema.Struct({
    seed: Schema.Int,
    method: Schema.Literals(methods),
    /** Squared distance from the true weights. */
    testError: Schema.Number,
    /** `sum_k c_k w_k`: the sharpness, up to a constant. */
    value: Schema.Number,
  }),
  presets: {
    smoke: { ...benchmark, steps: 3000, seeds: 1 },
    fast: benchmark,
    paper: { ...benchmark, seeds: 20 },
  },
  paperSeconds: 7,
  cases: ({ seeds }) =>
    Array.from({ length: seeds }, (_, seed) => methods.map((method) => ({ seed, method }))).flat(),
  prepare: () => basisPursuitSolver,
  row: ({ method, seed: index }, { config, seed, shared: solve }) => {
    const own = seed.child(index)
    const problem = sparseProblem(own, config)
    const c = costs(problem)
    const { features: matrix, labels } = problem
    const weights = {
      "label noise": () => noisyWeights(problem, config, own.child("run")),
      "gradient descent": () => plainWeights(problem, config),
      "linear program": () => solve({ matrix, labels, costs: c, isNonNegative: true }).weights,
    }[method]()
    const value = Vector.dot(c, weights)
    return { seed: index, method, testError: testError(problem, weights), value }
  },
  figures: (rows) => [
    Figure.points({
      id: "errors",
      title: "Squared distance from the true weights",
      caption: "Thin lines join the solutions of one problem.",
      rows,
      x: { field: "method", title: "method", scale: "names" },
      y: { field: "testError", title: "squared distance", scale: "log", floor: 1e-20 },
      series: { field: "method", title: "method" },
      pairs: "seed",
    }),
  ],
  expectations: (rows, { seeds, steps }) => {
    if (steps < benchmark.steps) return []
    return Array.from({ length: seeds }, (_, seed) => {
      const found = (method: Method, column: "testError" | "value") =>
        rows.find((row) => row.seed === seed && row.method === method)?.[column] ?? Number.NaN
      return [
        Expectation.atMost(
          `seed ${seed}: error of the linear program`,
          found("linear program", "testError"),
          1e-10,
          { control: "label noise", observed: found("label noise", "testError") },
        ),
        Expectation.atLeast(
          `seed ${seed}: error, gradient descent / label noise`,
          found("gradient descent", "testError") / found("label noise", "testError"),
          1000,
          {
            control: "error of gradient descent / its error on the other problems",
            observed: rows
              .filter((row) => row.method === "gradient descent" && row.seed !== seed)
              .map((row) => found("gradient descent", "testError") / row.testError),
          },
        ),
        Expectation.within(
          `seed ${seed}: sharpness, label noise / linear program`,
          found("label noise", "value") / found("linear program", "value"),
          1,
          { absolute: 0.05 },
          {
            control: "gradient descent / linear program",
            observed: found("gradient descent", "value") / found("linear program", "value"),
          },
        ),
      ]
    }).flat()
  },
})
