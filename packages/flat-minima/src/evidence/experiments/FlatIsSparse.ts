/** On a diagonal network the flattest minimum is the sparsest; a linear program gives the reference. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { basisPursuit } from "@nonconvex/problems/BasisPursuit"
import { Count, Positive } from "@nonconvex/problems/Fields"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Effect, Schema } from "effect"
import { settle } from "../../minima/Settle.ts"
import * as Draws from "../../perturbation/Draws.ts"
import { flatDescent } from "../../perturbation/FlatDescent.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { type DiagonalNetwork, flattest, traceAtMinimum } from "../../problems/DiagonalNetwork.ts"
import { derived } from "../support/Paper.ts"
import * as Runs from "../support/Runs.ts"

const Contender = Schema.Struct({
  method: Schema.Literals(["RS", "antithetic RS", "SA", "flat descent"]),
  learningRate: Positive,
  radius: Positive,
  gradientThreshold: Positive,
})

type Contender = typeof Contender.Type

const Config = Schema.Struct({
  contenders: Schema.Array(Contender).check(Schema.isMinLength(1)),
  steps: Schema.Array(Count).check(Schema.isMinLength(1), Schema.isUnique()),
  seeds: Count,
})

const Columns = Schema.Struct({
  method: Contender.fields.method,
  learningRate: Positive,
  radius: Positive,
  seed: Schema.Int,
  step: Schema.Int,
  /** Trace at the minimum that gradient descent reaches from this step. */
  trace: Schema.Number,
  optimum: Schema.Number,
  excess: Schema.Number,
  /** Largest distance of a weight from the solution of the linear program. */
  weightError: Schema.Number,
})

type Row = typeof Columns.Type

type Named = Pick<Contender, "method" | "learningRate" | "radius">

const nameOf = (named: Named): string => `${named.method} ${named.learningRate}, ${named.radius}`

/** A point for each series and step: median over seeds, with their range. */
const medians = (rows: ReadonlyArray<Row>) =>
  Summary.distinct(rows.map((row) => `${nameOf(row)} ${row.step}`)).map((place) => {
    const own = rows.filter((row) => `${nameOf(row)} ${row.step}` === place)
    const excesses = own.map(({ excess }) => Math.max(excess, lowest))
    return {
      method: nameOf(own[0]!),
      step: own[0]!.step,
      excess: Summary.median(excesses),
      least: Summary.smallest(excesses),
      most: Summary.largest(excesses),
    }
  })

/** Floor of the logarithmic axis, above rounding errors at the optimum. */
const lowest = 1e-7

const isSame = (a: Named, b: Named): boolean =>
  a.method === b.method && a.learningRate === b.learningRate && a.radius === b.radius

const methodOf = (contender: Contender, seed: number): Method<MethodState, DiagonalNetwork> => {
  const options = { ...contender, plainLearningRate: 0.01, draws: Draws.published(seed) }
  switch (contender.method) {
    case "RS":
      return smoothedPerturbation(options)
    case "antithetic RS":
      return smoothedPerturbation({ ...options, antithetic: true })
    case "SA":
      return sharpnessAwarePerturbation(options)
    case "flat descent":
      return flatDescent({
        ...options,
        flatteningRate: contender.learningRate,
        projection: "gradient",
      })
  }
}

/** Traces after these steps in runs with seed 5. */
const publishedSteps = [1000, 5000, 20_000, 50_000, 200_000]

const published: ReadonlyArray<Named & { readonly traces: ReadonlyArray<number> }> = [
  { method: "RS", learningRate: 0.01, radius: 0.1, traces: [52.5, 43.35, 23.72, 11.05, 4.781] },
  { method: "RS", learningRate: 0.02, radius: 0.3, traces: [25.5, 7.05, 4.183, 4.066, 4.068] },
  { method: "SA", learningRate: 0.01, radius: 0.1, traces: [33.35, 6.98, 4.148, 4.0645, 4.0643] },
  { method: "SA", learningRate: 0.01, radius: 0.2, traces: [7.86, 4.138, 4.0643, 4.0643, 4.0643] },
]

const optimum = 4.0643451304284275

const firstSeed = 5

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

/** Compares the minimum that gradient descent reaches from `point` with the solution of the linear program. */
const measure = (
  network: DiagonalNetwork,
  solution: Effect.Success<ReturnType<typeof basisPursuit>>,
  point: Float64Array,
) => {
  const reached = settle(network, point, { learningRate: 0.01, tolerance: 1e-6 }).point
  const width = network.traceWeights.length
  const trace = traceAtMinimum(network, reached)
  let weightError = 0
  for (let j = 0; j < width; j++) {
    const weight = reached[j]! * reached[j]! - Elementary.square(reached[width + j]!)
    weightError = Math.max(weightError, Math.abs(weight - solution.weights[j]!))
  }
  return { trace, optimum: solution.value, excess: trace - solution.value, weightError }
}

const prepare = Effect.fnUntraced(function* () {
  const { dense, network } = Runs.recovery()
  return { network, dense, solution: yield* basisPursuit(flattest(network)) }
})

const reference: typeof Config.Type = {
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

export const flatIsSparse = Experiment.table({
  id: "flat-minima/flat-is-sparse",
  title: "Flat equals sparse on a diagonal network",
  source: derived(
    "both algorithms, on our own problem with a flattest minimum known from a linear program",
  ),
  question:
    "From a dense interpolating network, do perturbations find the sparse solution of a linear program?",
  paperScale:
    "The paper has no such experiment: it has a ResNet-18 on CIFAR-10 from a bad minimum.",
  deterministic: "its random numbers come from seeds in its settings, not from the root seed",
  config: Config,
  columns: Columns,
  presets: {
    smoke: {
      ...reference,
      contenders: reference.contenders.filter((contender) => contender.radius === 0.2),
      steps: [1000, 5000],
    },
    fast: reference,
    paper: { ...reference, seeds: 10 },
  },
  paperSeconds: 15,
  prepare,
  cases: ({ contenders, seeds }) =>
    contenders.flatMap((contender) =>
      Array.from({ length: seeds }, (_, k) => ({ contender, seed: firstSeed + k })),
    ),
  row: ({ contender, seed }, { config, kernels, shared: { dense, network, solution } }) => {
    const { learningRate, method, radius } = contender
    const rows: Array<Row> = []
    for (const { state, step } of trajectory(methodOf(contender, seed), network, dense, {
      steps: Math.max(...config.steps),
      every: config.steps.reduce(commonDivisor),
      kernels,
    })) {
      if (!config.steps.includes(step)) continue
      rows.push({
        method,
        learningRate,
        radius,
        seed,
        step,
        ...measure(network, solution, state.point),
      })
    }
    return rows
  },
  figures: (rows) => [
    Figure.lines({
      id: "excess",
      title: "Trace above the optimum of the linear program",
      conclusion: "SA falls about d = 20 times as fast as RS at the same step and radius.",
      caption:
        "The trace of the Hessian at the minimum below each iterate, minus the smallest trace: median over seeds, with a band over all seeds.",
      rows: medians(rows),
      x: { field: "step", title: "step", scale: "log" },
      y: { field: "excess", title: "trace - optimum", scale: "log", floor: lowest },
      series: { field: "method", title: "method, learning rate, radius" },
      interval: { low: "least", high: "most" },
    }),
  ],
  expectations: (rows, config) => {
    const rowsAt = (contender: Named, step: number) =>
      rows.filter((row) => isSame(row, contender) && row.step === step && row.seed === firstSeed)
    const optima = rows
      .slice(0, 1)
      .map((row) =>
        Expectation.within(
          "optimum of the linear program",
          row.optimum,
          optimum,
          { relative: 1e-9 },
          Expectation.regression,
        ),
      )
    const traces = config.contenders.flatMap((contender) =>
      published
        .filter((known) => isSame(known, contender))
        .flatMap((known) =>
          publishedSteps.flatMap((step, k) =>
            rowsAt(contender, step).map((row) =>
              Expectation.within(
                `trace of ${nameOf(contender)} after ${step} steps`,
                row.trace,
                known.traces[k]!,
                { relative: 0.03 },
                Expectation.regression,
              ),
            ),
          ),
        ),
    )
    const recovered = config.contenders
      .filter((contender) => contender.method === "SA")
      .flatMap((contender) =>
        rowsAt(contender, 50_000).map((row) =>
          Expectation.atMost(
            `largest error of a weight of ${nameOf(row)} after ${row.step} steps`,
            row.weightError,
            0.01,
            {
              control: "RS",
              observed: rows
                .filter(({ method, step }) => method === "RS" && step === row.step)
                .map(({ weightError }) => weightError),
            },
          ),
        ),
      )
    return [...optima, ...traces, ...recovered]
  },
})
