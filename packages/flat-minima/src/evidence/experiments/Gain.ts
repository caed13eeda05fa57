/** The factor d between the two algorithms. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { basisPursuit } from "@nonconvex/problems/BasisPursuit"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { Effect, Schema, Stream } from "effect"
import * as Draws from "../../perturbation/Draws.ts"
import {
  type DiagonalNetwork,
  flattest,
  sparseRecovery,
  traceAtMinimum,
} from "../../problems/DiagonalNetwork.ts"
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
