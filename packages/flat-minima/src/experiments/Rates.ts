/** Experiments E3 and E4: the factor d between the two algorithms, and the batch size of the sharpness-aware one. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { basisPursuit } from "@nonconvex/problems/BasisPursuit"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { Effect, Schema, Stream } from "effect"
import * as Draws from "../Draws.ts"
import {
  type DiagonalNetwork,
  flattest,
  sparseRecovery,
  traceAtMinimum,
} from "../problems/DiagonalNetwork.ts"
import * as Runs from "../Runs.ts"
import { settle } from "../Settle.ts"
import { sharpnessAwarePerturbation } from "../SharpnessAware.ts"
import { smoothedPerturbation } from "../Smoothed.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const Count = Schema.Int.check(Schema.isGreaterThan(0))

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

const options = (learningRate: number, radius: number, seed: number) => ({
  learningRate,
  plainLearningRate: 0.01,
  radius,
  gradientThreshold: 1,
  draws: Draws.published(seed),
})

const GainConfig = Schema.Struct({
  /** Twice the width of a network. */
  dimensions: Schema.Array(
    Schema.Int.check(Schema.isBetween({ minimum: 4, maximum: 128 }), Schema.isMultipleOf(2)),
  ).check(Schema.isMinLength(1)),
  learningRate: Positive,
  radius: Positive,
  seeds: Count,
})
type GainConfig = typeof GainConfig.Type
const GainRow = Schema.Struct({
  dimension: Schema.Int,
  smoothedSteps: Schema.Number,
  sharpnessAwareSteps: Schema.Number,
  ratio: Schema.Number,
  line: Schema.String,
})
type GainRow = typeof GainRow.Type

const gainReference: GainConfig = {
  dimensions: [4, 8, 16, 32],
  learningRate: 0.003,
  radius: 0.1,
  seeds: 5,
}

export const gain = experiment<GainConfig, GainRow, { readonly message: string }>({
  id: "flat-minima/gain",
  title: "The factor d between smoothed and sharpness-aware perturbations",
  source: {
    paper: "Ahn, Jadbabaie, Sra 2024",
    statement: "theorems 1 and 2: the rates differ by d, here on diagonal networks of ours",
    basis: "derived here",
  },
  question: "How many steps of RS is one step of SA worth, in dimension d?",
  config: GainConfig,
  row: GainRow,
  presets: {
    smoke: { ...gainReference, dimensions: [8, 16], seeds: 5 },
    fast: gainReference,
    paper: { ...gainReference, dimensions: [4, 8, 16, 32, 64], seeds: 15 },
  },
  paperSeconds: 13,
  rows: (config) => config.dimensions.length,
  run: (config) =>
    Stream.fromIterable(config.dimensions).pipe(
      Stream.mapEffect(
        Effect.fnUntraced(function* (dimension) {
          const width = dimension / 2
          const { network, start } = sparseRecovery({ width, samples: Math.max(1, width >> 1) })
          const dense = settle(network, start, { learningRate: 0.005, tolerance: 1e-10 }).point
          const optimum = (yield* basisPursuit(flattest(network))).value
          const target = 0.5 * (optimum + traceAtMinimum(network, dense))
          const { learningRate, radius } = config
          const smoothed: Array<number> = []
          const aware: Array<number> = []
          for (let seed = 1; seed <= config.seeds; seed++) {
            const all = options(learningRate, radius, seed)
            const steps = Effect.fnUntraced(function* (
              method: Method<MethodState, DiagonalNetwork>,
            ) {
              const run = Runs.stepsToTrace(method, network, dense, target)
              return (yield* Runs.inTurns(run)).steps
            })
            smoothed.push(yield* steps(smoothedPerturbation(all)))
            aware.push(yield* steps(sharpnessAwarePerturbation(all)))
          }
          const [smoothedSteps, sharpnessAwareSteps] = [median(smoothed), median(aware)]
          return {
            dimension,
            smoothedSteps,
            sharpnessAwareSteps,
            ratio: smoothedSteps / sharpnessAwareSteps,
            line: "measured",
          }
        }),
      ),
    ),
  figures: (rows) => [
    Figure.lines({
      id: "ratio",
      title: "Steps of RS over steps of SA until the excess trace is halved",
      caption: "The prediction of the theorems is the line ratio = d.",
      rows: [...rows, ...rows.map((row) => ({ ...row, ratio: row.dimension, line: "ratio = d" }))],
      x: { field: "dimension", title: "dimension d", scale: "log" },
      y: { field: "ratio", title: "RS steps / SA steps", scale: "log" },
      series: { field: "line", title: "" },
    }),
  ],
  expectations: (rows) =>
    rows.map(({ dimension, ratio }) =>
      Expectation.within(`ratio over d at d = ${dimension}`, ratio / dimension, 1, {
        absolute: 0.35,
      }),
    ),
})

const BatchConfig = Schema.Struct({
  batchSizes: Schema.Array(Count).check(Schema.isMinLength(1)),
  learningRate: Positive,
  radius: Positive,
  seeds: Count,
})
type BatchConfig = typeof BatchConfig.Type
const BatchRow = Schema.Struct({
  method: Schema.String,
  batchSize: Schema.Int,
  steps: Schema.Number,
  largestLoss: Schema.Number,
})
type BatchRow = typeof BatchRow.Type

const batchReference: BatchConfig = {
  batchSizes: [1, 2, 5, 20, 80],
  learningRate: 0.01,
  radius: 0.1,
  seeds: 5,
}

/** Between batches whose sizes differ by less the effect need not show. */
const clearly = 20

export const batchSize = experiment<BatchConfig, BatchRow>({
  id: "flat-minima/batch-size",
  title: "Batch size of the sharpness-aware perturbation, and antithetic draws",
  source: {
    paper: "Ahn, Jadbabaie, Sra 2024",
    statement: "after figure 3 (right), on a diagonal network of ours; batches as means of v",
    basis: "derived here",
  },
  question: "What does averaging v over several samples change: the drift, or the loss on the way?",
  config: BatchConfig,
  row: BatchRow,
  presets: {
    smoke: { ...batchReference, batchSizes: [1, 20], seeds: 1 },
    fast: batchReference,
    paper: { ...batchReference, seeds: 25 },
  },
  rows: (config) => config.batchSizes.length + 2,
  run: (config) => {
    const { network, start } = sparseRecovery()
    const dense = settle(network, start, { learningRate: 0.01, tolerance: 1e-13 }).point
    const { learningRate, radius } = config
    const measured = Effect.fnUntraced(function* (
      method: string,
      size: number,
      make: (seed: number) => Method<MethodState, DiagonalNetwork>,
    ) {
      const crossings: Array<Runs.Crossing> = []
      for (let seed = 1; seed <= config.seeds; seed++) {
        const run = Runs.stepsToTrace(make(seed), network, dense, Runs.halfTrace)
        crossings.push(yield* Runs.inTurns(run))
      }
      return {
        method,
        batchSize: size,
        steps: median(crossings.map(({ steps }) => steps)),
        largestLoss: median(crossings.map(({ largestLoss }) => largestLoss)),
      }
    })
    return Stream.fromIterable(config.batchSizes).pipe(
      Stream.mapEffect((size) =>
        measured("SA", size, (seed) =>
          sharpnessAwarePerturbation({ ...options(learningRate, radius, seed), batchSize: size }),
        ),
      ),
      Stream.concat(
        Stream.fromIterable([false, true]).pipe(
          Stream.mapEffect((antithetic) =>
            measured(antithetic ? "antithetic RS" : "RS", 1, (seed) =>
              smoothedPerturbation({ ...options(learningRate, radius, seed), antithetic }),
            ),
          ),
        ),
      ),
    )
  },
  figures: (rows) => [
    Figure.points({
      id: "loss-and-steps",
      title: "Largest loss on the way to half the trace, and the steps it takes",
      caption: "Batches keep the drift and lower the loss; antithetic draws lower it by orders.",
      rows: rows.map((row) => ({ ...row, name: `${row.method} ${row.batchSize}` })),
      x: { field: "steps", title: "steps", scale: "log" },
      y: { field: "largestLoss", title: "largest loss", scale: "log" },
      series: { field: "name", title: "method and batch" },
    }),
  ],
  expectations: (rows) => {
    const aware = rows
      .filter(({ method }) => method === "SA")
      .toSorted((a, b) => a.batchSize - b.batchSize)
    const [smallest, largest] = [aware[0]!, aware.at(-1)!]
    const smoothed = rows.find(({ method }) => method === "RS")!
    const antithetic = rows.find(({ method }) => method === "antithetic RS")!
    const batches =
      largest.batchSize < clearly * smallest.batchSize
        ? []
        : [
            Expectation.within(
              `steps with batch ${largest.batchSize} over steps with batch ${smallest.batchSize}`,
              largest.steps / smallest.steps,
              1,
              { absolute: 0.2 },
            ),
            Expectation.atMost(
              `largest loss with batch ${largest.batchSize} over that with batch ${smallest.batchSize}`,
              largest.largestLoss / smallest.largestLoss,
              0.5,
            ),
          ]
    return [
      ...batches,
      Expectation.atMost(
        "largest loss of antithetic over plain RS",
        antithetic.largestLoss / smoothed.largestLoss,
        0.01,
      ),
    ]
  },
})
