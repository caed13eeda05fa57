/** The factor d between the two algorithms. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { basisPursuitSolver } from "@nonconvex/problems/BasisPursuit"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { settle } from "../../minima/Settle.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { flattest, sparseRecovery, traceAtMinimum } from "../../problems/DiagonalNetwork.ts"
import { derived } from "../support/Paper.ts"
import * as Runs from "../support/Runs.ts"

const Config = Schema.Struct({
  /** Twice the width of a network. */
  dimensions: Schema.Array(
    Schema.Int.check(Schema.isBetween({ minimum: 4, maximum: 128 }), Schema.isMultipleOf(2)),
  ).check(Schema.isMinLength(1)),
  learningRate: Positive,
  radius: Positive,
  seeds: Count,
})

const reference: typeof Config.Type = {
  dimensions: [4, 8, 16, 32],
  learningRate: 0.003,
  radius: 0.1,
  seeds: 5,
}

export const gain = Experiment.table({
  id: "flat-minima/gain",
  title: "The factor d between smoothed and sharpness-aware perturbations",
  source: derived(
    "theorems 1 and 2: the rates differ by a factor of d, here on our own diagonal networks",
  ),
  question: "In dimension d, how many steps of RS equal one step of SA?",
  paperScale:
    "The paper has no such experiment: it has a ResNet-18 on CIFAR-10 from a bad minimum.",
  deterministic: "its random numbers come from seeds in its settings, not from the root seed",
  config: Config,
  columns: Schema.Struct({
    dimension: Schema.Int,
    smoothedSteps: Schema.Number,
    sharpnessAwareSteps: Schema.Number,
    ratio: Schema.Number,
    line: Schema.String,
    /** Smallest and largest ratio over the seeds. */
    ratioLow: Schema.Number,
    ratioHigh: Schema.Number,
    /** Largest divided by smallest number of RS steps over two seeds: the ratio if both algorithms were the same. */
    sameRatio: Schema.Number,
  }),
  presets: {
    smoke: { ...reference, dimensions: [8, 16], seeds: 5 },
    fast: reference,
    paper: { ...reference, dimensions: [4, 8, 16, 32, 64], seeds: 15 },
  },
  paperSeconds: 13,
  prepare: () => basisPursuitSolver,
  cases: ({ dimensions }) => dimensions,
  row: (dimension, { config, shared: solve }) => {
    const width = dimension / 2
    const { network, start } = sparseRecovery({ width, samples: Math.max(1, width >> 1) })
    const dense = settle(network, start, { learningRate: 0.005, tolerance: 1e-10 }).point
    const optimum = solve(flattest(network)).value
    const target = 0.5 * (optimum + traceAtMinimum(network, dense))
    const crossings = Array.from({ length: config.seeds }, (_, k) => {
      const options = Runs.options(config, k + 1)
      const { draws } = options
      const smoothed = Runs.stepsToTrace(smoothedPerturbation(options), network, dense, target)
      // one sequence a seed: the second run draws where the first one stopped
      const rest = { ...draws, begin: () => smoothed.state.place }
      const aware = sharpnessAwarePerturbation({ ...options, draws: rest })
      return [smoothed.steps, Runs.stepsToTrace(aware, network, dense, target).steps] as const
    })
    const [smoothedSteps, sharpnessAwareSteps] = [
      Runs.median(crossings.map(([smoothed]) => smoothed)),
      Runs.median(crossings.map(([, aware]) => aware)),
    ]
    const ratios = crossings.map(([smoothed, aware]) => smoothed / aware)
    const smoothedAll = crossings.map(([smoothed]) => smoothed)
    return {
      dimension,
      smoothedSteps,
      sharpnessAwareSteps,
      ratio: smoothedSteps / sharpnessAwareSteps,
      line: "measured",
      ratioLow: Summary.smallest(ratios),
      ratioHigh: Summary.largest(ratios),
      sameRatio: Summary.largest(smoothedAll) / Summary.smallest(smoothedAll),
    }
  },
  figures: (rows) => [
    Figure.points({
      id: "ratio",
      title: "Steps of RS / steps of SA until the excess trace is halved",
      caption:
        'The theorems predict the line "ratio = d"; each point is a ratio of medians, with bars from the smallest to the largest ratio of a seed.',
      rows,
      x: { field: "dimension", title: "dimension d", scale: "log" },
      y: { field: "ratio", title: "RS steps / SA steps", scale: "log" },
      interval: { low: "ratioLow", high: "ratioHigh" },
      references: [
        Figure.diagonal(
          "ratio = d",
          rows.map(({ dimension }) => dimension),
        ),
      ],
    }),
  ],
  expectations: (rows) =>
    rows.map(({ dimension, ratio, sameRatio }) =>
      Expectation.within(
        `ratio / d at d = ${dimension}`,
        ratio / dimension,
        1,
        { absolute: 0.35 },
        { control: "RS with one seed / RS with another", observed: sameRatio / dimension },
      ),
    ),
})
