/** On a diagonal network the flattest minimum is the sparsest, judged by a linear program. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { basisPursuit } from "@nonconvex/problems/BasisPursuit"
import { descend } from "@nonconvex/problems/Descent"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { Effect, Schema, Stream } from "effect"
import * as Draws from "../../perturbation/Draws.ts"
import { flatDescent } from "../../perturbation/FlatDescent.ts"
import {
  type DiagonalNetwork,
  flattest,
  sparseRecovery,
  traceAtMinimum,
} from "../../problems/DiagonalNetwork.ts"
import { settle } from "../../minima/Settle.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"

const Contender = Schema.Struct({
  method: Schema.Literals(["RS", "antithetic RS", "SA", "flat descent"]),
  learningRate: Schema.Finite.check(Schema.isGreaterThan(0)),
  radius: Schema.Finite.check(Schema.isGreaterThan(0)),
  gradientThreshold: Schema.Finite.check(Schema.isGreaterThan(0)),
})
type Contender = typeof Contender.Type

const Config = Schema.Struct({
  contenders: Schema.Array(Contender).check(Schema.isMinLength(1)),
  steps: Schema.Array(Schema.Int.check(Schema.isGreaterThan(0))).check(
    Schema.isMinLength(1),
    Schema.isUnique(),
  ),
  seeds: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  method: Schema.String,
  seed: Schema.Int,
  step: Schema.Int,
  /** Of the minimum that gradient descent reaches from here. */
  trace: Schema.Number,
  optimum: Schema.Number,
  excess: Schema.Number,
  /** Largest distance of a weight from the solution of the linear program. */
  weightError: Schema.Number,
})
type Row = typeof Row.Type

const nameOf = ({ learningRate, method, radius }: Contender): string =>
  `${method} ${learningRate}, ${radius}`

const methodOf = (contender: Contender, seed: number): Method<MethodState, DiagonalNetwork> => {
  const { gradientThreshold, learningRate, method, radius } = contender
  const options = {
    learningRate,
    plainLearningRate: 0.01,
    radius,
    gradientThreshold,
    draws: Draws.published(seed),
  }
  switch (method) {
    case "RS":
      return smoothedPerturbation(options)
    case "antithetic RS":
      return smoothedPerturbation({ ...options, antithetic: true })
    case "SA":
      return sharpnessAwarePerturbation(options)
    case "flat descent":
      return flatDescent({
        learningRate,
        flatteningRate: learningRate,
        radius,
        projection: "gradient",
      })
  }
}

/** Traces of a run with seed 5 after 1,000, 5,000, 20,000, 50,000 and 200,000 steps. */
const published: Readonly<Record<string, ReadonlyArray<number>>> = {
  "RS 0.01, 0.1": [52.5, 43.35, 23.72, 11.05, 4.781],
  "RS 0.02, 0.3": [25.5, 7.05, 4.183, 4.066, 4.068],
  "SA 0.01, 0.1": [33.35, 6.98, 4.148, 4.0645, 4.0643],
  "SA 0.01, 0.2": [7.86, 4.138, 4.0643, 4.0643, 4.0643],
}
const optimum = 4.0643451304284275
const firstSeed = 5

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

const reference: Config = {
  contenders: [
    { method: "RS", learningRate: 0.01, radius: 0.1, gradientThreshold: 0.5 },
    { method: "RS", learningRate: 0.02, radius: 0.3, gradientThreshold: 1 },
    { method: "SA", learningRate: 0.01, radius: 0.1, gradientThreshold: 0.5 },
    { method: "SA", learningRate: 0.01, radius: 0.2, gradientThreshold: 2 },
    { method: "antithetic RS", learningRate: 0.02, radius: 0.3, gradientThreshold: 1 },
    { method: "flat descent", learningRate: 0.02, radius: 0.1, gradientThreshold: 1 },
  ],
  steps: [200, 1000, 5000, 20_000, 50_000, 200_000],
  seeds: 1,
}

export const flatIsSparse = experiment<Config, Row, { readonly message: string }>({
  id: "flat-minima/flat-is-sparse",
  title: "Flat equals sparse on a diagonal network",
  source: {
    paper: "Ahn, Jadbabaie, Sra 2024",
    statement:
      "both algorithms, on a problem of ours whose flattest minimum a linear program knows",
    basis: "derived here",
  },
  question:
    "From a dense interpolating network, do perturbations find the sparse one that a linear program finds?",
  config: Config,
  row: Row,
  presets: {
    smoke: {
      ...reference,
      contenders: reference.contenders.filter(({ radius }) => radius === 0.2),
      steps: [1000, 5000],
    },
    fast: reference,
    paper: { ...reference, seeds: 10 },
  },
  paperSeconds: 15,
  rows: (config) => config.contenders.length * config.seeds * config.steps.length,
  run: (config) => {
    const { network, start } = sparseRecovery()
    return Stream.unwrap(
      Effect.gen(function* () {
        const solution = yield* basisPursuit(flattest(network))
        const dense = settle(network, start, { learningRate: 0.01, tolerance: 1e-13 }).point
        const measure = (point: Float64Array) => {
          const at = settle(network, point, { learningRate: 0.01, tolerance: 1e-6 }).point
          const width = network.traceWeights.length
          const trace = traceAtMinimum(network, at)
          let weightError = 0
          for (let j = 0; j < width; j++) {
            const weight = at[j]! ** 2 - at[width + j]! ** 2
            weightError = Math.max(weightError, Math.abs(weight - solution.weights[j]!))
          }
          return { trace, optimum: solution.value, excess: trace - solution.value, weightError }
        }
        return Stream.fromIterable(config.contenders).pipe(
          Stream.flatMap((contender) =>
            Stream.range(firstSeed, firstSeed + config.seeds - 1).pipe(
              Stream.flatMap((seed) => {
                return descend(methodOf(contender, seed), network, dense, {
                  steps: Math.max(...config.steps),
                  every: config.steps.reduce(commonDivisor),
                }).pipe(
                  Stream.filter(({ step }) => config.steps.includes(step)),
                  Stream.map(({ state, step }) => ({
                    method: nameOf(contender),
                    seed,
                    step,
                    ...measure(state.point),
                  })),
                )
              }),
            ),
          ),
        )
      }),
    )
  },
  figures: (rows) => [
    Figure.lines({
      id: "excess",
      title: "Trace above the optimum of the linear program",
      caption:
        "The trace of the Hessian at the minimum below each iterate, minus the least one. SA falls about d = 20 times as fast as RS at the same step and radius.",
      rows: rows.map((row) => ({ ...row, excess: Math.max(row.excess, 1e-7) })),
      x: { field: "step", title: "step", scale: "log" },
      y: { field: "excess", title: "trace - optimum", scale: "log" },
      series: { field: "method", title: "method" },
    }),
  ],
  expectations: (rows, config) => {
    const at = (method: string, step: number) =>
      rows.find((row) => row.method === method && row.step === step && row.seed === firstSeed)
    const table = [1000, 5000, 20_000, 50_000, 200_000]
    const optima = rows.slice(0, 1).map((row) =>
      Expectation.within("optimum of the linear program", row.optimum, optimum, {
        relative: 1e-9,
      }),
    )
    const traces = config.contenders.flatMap((contender) =>
      table.flatMap((step, k) => {
        const method = nameOf(contender)
        const row = at(method, step)
        const expected = published[method]?.[k]
        return row === undefined || expected === undefined
          ? []
          : [
              Expectation.within(`trace of ${method} after ${step} steps`, row.trace, expected, {
                relative: 0.03,
              }),
            ]
      }),
    )
    const recovered = config.contenders.flatMap((contender) => {
      const row = at(nameOf(contender), 50_000)
      return contender.method !== "SA" || row === undefined
        ? []
        : [
            Expectation.atMost(
              `largest error of a weight of ${row.method} after ${row.step} steps`,
              row.weightError,
              0.01,
            ),
          ]
    })
    return [...optima, ...traces, ...recovered]
  },
})
