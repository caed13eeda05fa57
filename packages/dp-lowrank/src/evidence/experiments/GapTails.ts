/** Frequency of small gaps, with and without a matrix under the noise. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as LogLog from "@nonconvex/evidence/LogLog"
import * as Figure from "@nonconvex/figures"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as EigenvalueGaps from "../../eigenvalues/EigenvalueGaps.ts"
import * as GapLaws from "../../theory/GapLaws.ts"
import { derived } from "../support/Paper.ts"
import { countSmallGaps, movedSpectra } from "../support/SampledGaps.ts"
import { between } from "../support/Settings.ts"

const Row = Schema.Struct({
  noise: Schema.String,
  start: Schema.String,
  dimension: Schema.Int,
  /** gap sqrt d at T = 1. */
  x: Schema.Number,
  /** Share of all gaps below the threshold, and the share at the worst index. */
  probability: Schema.Number,
  worst: Schema.Number,
  bulkLaw: Schema.Number,
})

type Row = typeof Row.Type

const points = [0.5, 0.7, 1, 1.4, 2, 2.8]

const starts = {
  none: () => 0,
  spread: (i: number) => -3 * i,
  "two clusters": (i: number, d: number) => (i < d / 2 ? 0 : -10),
} as const

interface Sample {
  readonly noise: "real" | "complex"
  readonly start: keyof typeof starts
  readonly dimension: number
}

/** Number of spectra in memory at the same time. */
const chunk = 1000

const Config = Schema.Struct({
  dimensions: Schema.Array(between(2, 400)),
  samples: Count,
  /** Matrices diagonalised for each start under the noise; by default a tenth of the samples. */
  started: Schema.optionalKey(Count),
  /** Largest dimension with starts under the noise; default 10. */
  startedUpTo: Schema.optionalKey(Count),
})

type Config = typeof Config.Type

/** One row per point, from one set of spectra; fewer spectra if a matrix has to be diagonalised for each. */
const counted = (
  { dimension: d, noise, start }: Sample,
  { samples, started = Math.ceil(samples / 10) }: Config,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
) => {
  const beta = noise === "real" ? 1 : 2
  const stream = RandomStream.make(seed.child(`${noise} ${start} ${d}`))
  const counts = new Float64Array(points.length * (d - 1))
  const count = start === "none" ? samples : started
  const from = Float64Array.from({ length: d }, (_, i) => starts[start](i, d))
  for (let first = 0; first < count; first += chunk) {
    const held = Math.min(chunk, count - first)
    const spectra =
      start === "none"
        ? EigenvalueGaps.sampleSpectra(held, d, beta, stream, kernels)
        : movedSpectra(held, from, beta, stream, kernels)
    countSmallGaps(spectra, d, points, counts)
  }
  return points.map((x, at) => {
    const own = counts.subarray(at * (d - 1), (at + 1) * (d - 1))
    return {
      noise,
      start,
      dimension: d,
      x,
      probability: own.reduce((a, b) => a + b, 0) / ((d - 1) * count),
      worst: own.reduce((a, b) => Math.max(a, b)) / count,
      bulkLaw: GapLaws.bulkGapProbability(beta, x),
    }
  })
}

export const gapTails = Experiment.table({
  id: "dp-lowrank/gap-tails",
  title: "Small gaps: probability s^2 with real noise, s^3 with complex noise",
  source: derived("Lemmas 3 and 4, with constants derived here"),
  question:
    "What is the probability of a gap below s / sqrt d, and can adding a matrix to the noise increase it?",
  paperScale:
    "The paper has no such experiment: its only figure shows one path of 6 eigenvalues, real and complex.",
  config: Config,
  optional: ["started", "startedUpTo"],
  columns: Row,
  presets: {
    smoke: { dimensions: [6], samples: 6000 },
    fast: { dimensions: [5, 10, 20], samples: 12_000 },
    paper: { dimensions: [2, 5, 10, 20, 40], samples: 400_000 },
  },
  paperSeconds: 38,
  cases: ({ dimensions, startedUpTo = 10 }) =>
    dimensions.flatMap((dimension) =>
      (["real", "complex"] as const).flatMap((noise) =>
        (Object.keys(starts) as Array<Sample["start"]>)
          .filter((start) => start === "none" || dimension <= startedUpTo)
          .map((start) => ({ noise, start, dimension })),
      ),
    ),
  row: (sample, { config, kernels, seed }) => counted(sample, config, seed, kernels),
  figures: (rows) => {
    const alone = rows.filter(({ start }) => start === "none")
    const never = alone.filter(({ probability }) => probability === 0).length
    const law = (label: string, noise: string) =>
      Figure.curve(
        label,
        points.map((x) => [x, GapLaws.bulkGapProbability(noise === "real" ? 1 : 2, x)]),
      )
    return [
      Figure.lines({
        id: "tails",
        title: "Probability of a small gap",
        caption: `Real noise follows "s^2 / 24", complex noise "s^3 / 72 pi", the asymptotic laws for large d.${never === 0 ? "" : ` At ${never} values of s no such gap occurred, so nothing is drawn there.`}`,
        rows: alone.filter(({ probability }) => probability > 0),
        x: { field: "x", title: "gap sqrt d", scale: "log" },
        y: { field: "probability", title: "probability", scale: "log" },
        series: { field: "dimension", title: "d" },
        panel: { field: "noise", title: "noise" },
        references: [law("s^2 / 24", "real"), law("s^3 / 72 pi", "complex")],
      }),
    ]
  },
  expectations: (rows, { samples, started = Math.ceil(samples / 10) }) => {
    const alone = rows.filter(({ start }) => start === "none")
    const largest = Summary.largest(alone.map(({ dimension }) => dimension))
    const fitted = (noise: string) => {
      const seen = alone.filter((row) => row.dimension === largest && row.probability > 0)
      const own = seen.filter((row) => row.noise === noise)
      return LogLog.slope(own.map(({ probability, x }) => [x, probability]))
    }
    const noisy = samples < 10_000 ? 0.35 : 0.25
    const perturbed = rows.filter(({ start }) => start !== "none")
    const more = (some: ReadonlyArray<Row>, than: "same" | "complex") =>
      some.map(({ dimension, noise, probability, x }) => {
        const other = than === "same" ? noise : than
        const own = alone.filter((row) => row.noise === other && row.dimension === dimension)
        return probability - own.find((row) => row.x === x)!.probability
      })
    const likelier = 3 / Math.sqrt(started)
    const betaOf = (noise: string) => (noise === "real" ? 1 : 2)
    const rarity = (beta: (noise: string) => 1 | 2) =>
      alone
        .filter(({ x }) => x >= 1)
        .map(({ noise, worst, x }) => worst / GapLaws.gapTailBound(beta(noise), x))
    return [
      Expectation.atMost(
        "largest gap probability / bound of Lemma 4 with b = 1",
        rarity(betaOf),
        1,
        {
          control: "real noise / bound for complex noise",
          observed: rarity(() => 2),
        },
      ),
      Expectation.within(
        "slope, real",
        fitted("real"),
        2,
        { absolute: noisy },
        { control: "complex", observed: fitted("complex") },
      ),
      Expectation.within(
        "slope, complex",
        fitted("complex"),
        3,
        { absolute: noisy + 0.1 },
        { control: "real", observed: fitted("real") },
      ),
      Expectation.atMost(
        "gap probability with a matrix / without one",
        more(perturbed, "same"),
        likelier,
        { control: "real noise instead of complex", observed: more(alone, "complex") },
      ),
    ]
  },
})
