/** The batch size of the sharpness-aware perturbation, and antithetic draws of the smoothed one. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { Effect, Schema, Stream } from "effect"
import * as Draws from "../../perturbation/Draws.ts"
import { type DiagonalNetwork, sparseRecovery } from "../../problems/DiagonalNetwork.ts"
import * as Runs from "../support/Runs.ts"
import { settle } from "../../minima/Settle.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"

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
