/** Scaling of the error, its independence of gaps inside the top k, and its growth below the gap condition. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as LogLog from "@nonconvex/evidence/LogLog"
import * as Figure from "@nonconvex/figures"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import * as TruncationError from "../../theory/TruncationError.ts"
import { derived } from "../support/Paper.ts"
import { between } from "../support/Settings.ts"
import { rootMeanSquares, squaredErrors } from "../support/Trials.ts"

const Row = Schema.Struct({
  varied: Schema.String,
  value: Schema.Number,
  complex: Schema.Number,
  real: Schema.Number,
  realRankK: Schema.Number,
  plain: Schema.Number,
  predicted: Schema.Number,
  /** The error of the complex matrix over sqrt(k d T) sigma_k / gap. */
  overRate: Schema.Number,
})

type Row = typeof Row.Type

/** Varies one parameter; the gap is in units of sqrt(T d). */
const points = (d: number) => {
  const base = { d, k: 2, ratio: 1, variance: 1, gap: 10, isTied: true }
  return [
    ...[0.5, 0.75, 1, 1.5]
      .map((f) => Math.round(f * d))
      .map((value) => ({ ...base, varied: "d", value, d: value })),
    ...[1, 2, 4].map((k) => ({ ...base, varied: "k", value: k, k })),
    ...[1, 2, 4].map((ratio) => ({ ...base, varied: "ratio", value: ratio, ratio })),
    ...[0.1, 1, 10].map((variance) => ({ ...base, varied: "T", value: variance, variance })),
    ...[1, 0].map((value) => ({ ...base, varied: "ties", value, k: 4, isTied: value === 1 })),
    ...[1, 2, 4, 8].map((gap) => ({ ...base, varied: "gap", value: gap, gap })),
  ]
}

/** The error over the rate with and without ties, in words. */
const tiesOf = (rows: ReadonlyArray<Row>): string =>
  rows
    .filter(({ varied }) => varied === "ties")
    .map(({ overRate, value }) => `${overRate.toFixed(2)} ${value === 1 ? "with" : "without"} them`)
    .join(", ")

export const errorScaling = Experiment.table({
  id: "dp-lowrank/error-scaling",
  title: "The error scales as sqrt(k d T) sigma_k / gap",
  source: derived("Theorem 2, against the first-order formula derived here"),
  question: "How does the error depend on d, k, sigma_k / gap, T, and gaps within the top k?",
  paperScale:
    "The paper has no such experiment: its only figure shows one path of 6 eigenvalues, real and complex.",
  config: Schema.Struct({
    dimension: between(8, 200),
    trials: Count,
  }),
  columns: Row,
  presets: {
    smoke: { dimension: 16, trials: 20 },
    fast: { dimension: 32, trials: 40 },
    paper: { dimension: 120, trials: 200 },
  },
  paperSeconds: 15,
  cases: ({ dimension }) => points(dimension),
  row: ({ d, gap, isTied, k, ratio, value, variance, varied }, { config, kernels, seed }) => {
    const { trials } = config
    const width = gap * Math.sqrt(variance * d)
    const spectrum = Float64Array.from({ length: d }, (_, i) =>
      i < k ? ratio * width + (isTied ? 0 : (k - 1 - i) * width) : (ratio - 1) * width,
    )
    const stream = RandomStream.make(seed.child(`${varied} ${value}`))
    const real = NoiseEnsemble.ensembleVariance(1, variance)
    const complex = NoiseEnsemble.ensembleVariance(2, variance)
    const draw = squaredErrors({ spectrum, rank: k, stream, kernels }, real)
    const errors = rootMeanSquares(trials, draw)
    return {
      varied,
      value,
      ...errors,
      predicted: TruncationError.firstOrderError(2, complex, spectrum, k),
      overRate: errors.complex / TruncationError.printedRate(variance, spectrum, k),
    }
  },
  figures: (rows) => [
    Figure.lines({
      id: "scaling",
      title: "Error over the rate of Theorem 2",
      conclusion:
        'Above the gap condition the ratio stays near the "large-gap value" for every varied parameter; it rises for gaps below 4.',
      caption: `Ties within the top k do not matter: ${tiesOf(rows)}.`,
      rows: rows
        .filter(({ varied }) => varied !== "ties")
        .flatMap(({ complex, overRate, predicted, value, varied }) => [
          { varied, value, by: "measured", overRate },
          { varied, value, by: "first-order formula", overRate: (overRate * predicted) / complex },
        ]),
      x: { field: "value", title: "value", scale: "log" },
      y: { field: "overRate", title: "error / sqrt(kdT) sigma_k / gap" },
      series: { field: "by", title: "error" },
      panel: { field: "varied", title: "varied", own: "x" },
      references: [Figure.level("large-gap value", Math.sqrt(8))],
    }),
  ],
  expectations: (rows, { trials }) => {
    const varying = (varied: string) => rows.filter((row) => row.varied === varied)
    const fitted = (varied: string) =>
      LogLog.slope(varying(varied).map((row) => [row.value, row.complex] as const))
    const [tied, spaced] = varying("ties")
    const tie = tied === undefined || spaced === undefined ? [] : tied.complex / spaced.complex
    const ratios = rows.map((row) => row.real / row.complex)
    const inRatio = { control: "slope in the ratio", observed: fitted("ratio") }
    const byRank = varying("k").map(({ complex }) => complex)
    // the relative deviation of a root mean square is about 0.2 / sqrt(trials)
    const error = 0.5 / Math.sqrt(trials)
    // the gap is held at 10 sqrt(T d): sigma_k / gap stays, so the rate is sqrt(d)
    return [
      Expectation.within("slope in d", fitted("d"), 0.5, { absolute: 0.1 + error }, inRatio),
      Expectation.within("slope in k", fitted("k"), 0.5, { absolute: 0.1 + error }, inRatio),
      Expectation.within("slope in T", fitted("T"), 0.5, { absolute: 0.03 + error / 4 }, inRatio),
      Expectation.within(
        "slope in the ratio",
        fitted("ratio"),
        1,
        { absolute: 0.15 + error },
        { control: "slope in T", observed: fitted("T") },
      ),
      Expectation.within(
        "error, tied / spaced top eigenvalues",
        tie,
        1,
        { absolute: 0.1 + error },
        {
          control: "error, four / two top eigenvalues",
          observed: (byRank.at(-1) ?? Number.NaN) / (byRank.at(-2) ?? Number.NaN),
        },
      ),
      Expectation.atMost(
        "error of Y / error of M-hat_k",
        ratios,
        1,
        Expectation.uncontrolled("the norm of a real part never exceeds that of its matrix"),
      ),
      Expectation.every(
        "error / prediction below the gap condition",
        varying("gap").slice(0, 1),
        ({ complex, predicted }) => complex > 1.05 * predicted,
        ([row]) => (row!.complex / row!.predicted).toPrecision(3),
        "above 1.05",
        { control: "at gaps of 10", observed: varying("k") },
      ),
    ]
  },
})
