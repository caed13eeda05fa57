/** Figure 1 of the paper: eigenvalues repel each other more strongly under complex noise. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as DysonBrownianMotion from "../../eigenvalues/DysonBrownianMotion.ts"
import * as EigenvalueGaps from "../../eigenvalues/EigenvalueGaps.ts"
import { corrected } from "../support/Paper.ts"
import { between } from "../support/Settings.ts"

const Row = Schema.Struct({
  noise: Schema.String,
  route: Schema.String,
  time: Schema.Number,
  index: Schema.Int,
  value: Schema.Number,
  /** Means over `samples` at the final time; NaN in rows of a path. */
  meanLargest: Schema.Number,
  meanSmallestGap: Schema.Number,
})

type Row = typeof Row.Type

const reference = { dimension: 6, time: 3, steps: 300, samples: 2000 }

type Config = typeof reference

const noises = [
  { noise: "real", beta: 1 },
  { noise: "complex", beta: 2 },
] as const

/** The route of independent motions, which meet. */
const free = "no repulsion"

type Noise = (typeof noises)[number]

/** One path, computed by both routes. */
const pathRows = (
  { beta, noise }: Noise,
  { dimension: d, steps, time }: Config,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
) => {
  const stream = RandomStream.make(seed)
  const flow = DysonBrownianMotion.make(new Float64Array(d), { beta, timeStep: time / steps })
  const motion = EigenvalueGaps.matrixMotion(new Float64Array(d), beta)
  const normals = new Float64Array(d)
  // the same normals without the drift that keeps eigenvalues apart
  const alone = new Float64Array(d)
  const every = Math.max(1, Math.round(steps / 100))
  const blank = { noise, meanLargest: Number.NaN, meanSmallestGap: Number.NaN }
  const rows: Array<Row> = []
  for (let record = 1; record <= Math.floor(steps / every); record++) {
    for (let k = 0; k < every; k++) {
      stream.fillNormal(normals)
      normals.forEach((normal, i) => (alone[i]! += Math.sqrt(time / steps) * normal))
      DysonBrownianMotion.step(flow, normals)
      EigenvalueGaps.move(motion, time / steps, stream)
    }
    const at = (record * every * time) / steps
    const byMatrix = EigenvalueGaps.eigenvaluesOf(motion, kernels)
    alone.forEach((value, index) => rows.push({ ...blank, time: at, index, route: free, value }))
    flow.position.forEach((value, index) => {
      const row = { ...blank, time: at, index }
      rows.push({ ...row, route: "implicit Euler", value })
      rows.push({ ...row, route: "matrix", value: byMatrix[index]! })
    })
  }
  return rows
}

/** Final distribution, from many spectra. */
const finalRow = (
  { beta, noise }: Noise,
  { dimension: d, samples, time }: Config,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Row => {
  let [meanLargest, meanSmallestGap] = [0, 0]
  const spectra = EigenvalueGaps.sampleSpectra(samples, d, beta, RandomStream.make(seed), kernels)
  for (let at = 0; at < spectra.length; at += d) {
    meanLargest += (spectra[at]! * Math.sqrt(time)) / samples
    const gaps = EigenvalueGaps.gapsOf(spectra.subarray(at, at + d))
    meanSmallestGap += (gaps.reduce((a, b) => Math.min(a, b)) * Math.sqrt(time)) / samples
  }
  const row = { noise, route: "final law", time, index: 0, value: meanLargest }
  return { ...row, meanLargest, meanSmallestGap }
}

/** Tests whether each row lies above the next eigenvalue by the same route. */
const ordered = (rows: ReadonlyArray<Row>): ReadonlyArray<boolean> =>
  rows.map(({ index, route, value }, i) => {
    const next = rows.slice(i + 1, i + 3).find((other) => other.route === route)
    return route === "final law" || next?.index !== index + 1 || next.value < value
  })

/** The means at the final time, in words. */
const meansOf = (rows: ReadonlyArray<Row>): string =>
  rows
    .filter(({ route }) => route === "final law")
    .map(
      ({ meanLargest, meanSmallestGap, noise }) =>
        `the mean of the smallest gap at the end is ${meanSmallestGap.toFixed(2)} and of the largest eigenvalue ${meanLargest.toFixed(1)} with ${noise} noise`,
    )
    .join(", ")

export const eigenvaluePaths = Experiment.table({
  id: "dp-lowrank/eigenvalue-paths",
  title: "Figure 1: eigenvalues of a matrix in Brownian motion",
  source: corrected("Figure 1, with the corrected drift coefficient"),
  question: "How do six eigenvalues that start at 0 move, with real and with complex noise?",
  paperScale:
    "Figure 1 of the paper, its only figure, shows one path of 6 eigenvalues from 0 up to time 3.",
  config: Schema.Struct({
    dimension: between(2, 40),
    time: Positive,
    steps: Count,
    /** Spectra at the final time, for the statistics. */
    samples: Count,
  }),
  columns: Row,
  presets: {
    smoke: { ...reference, steps: 60, samples: 1000 },
    fast: reference,
    paper: { ...reference, steps: 1000, samples: 20_000 },
  },
  paperSeconds: 2,
  cases: () =>
    noises.flatMap((each) => (["path", "final law"] as const).map((shows) => ({ ...each, shows }))),
  row: (item, { config, kernels, seed }) => {
    const own = seed.child(item.noise)
    return item.shows === "path"
      ? pathRows(item, config, own.child("path"), kernels)
      : finalRow(item, config, own.child("statistics"), kernels)
  },
  figures: (rows) => [
    Figure.lines<Row>({
      id: "paths",
      title: "Eigenvalues with real and with complex noise",
      caption: `Each line is an eigenvalue, computed by the implicit Euler method; they do not meet. Complex noise keeps them further apart: ${meansOf(rows)}.`,
      where: { route: "implicit Euler" },
      x: { field: "time", title: "time" },
      y: { field: "value", title: "eigenvalue" },
      series: { field: "index", title: "index" },
      panel: { field: "noise", title: "noise" },
    }),
  ],
  expectations: (rows, config) => {
    const stated = (
      [
        ["largest eigenvalue", "meanLargest", "real", 9.2, 0.05],
        ["largest eigenvalue", "meanLargest", "complex", 12.3, 0.05],
        ["smallest gap", "meanSmallestGap", "real", 1.48, 0.08],
        ["smallest gap", "meanSmallestGap", "complex", 2.47, 0.08],
      ] as const
    ).map(([what, column, noise, expected, relative]) => {
      const final = rows.filter((row) => row.noise === noise && row.route === "final law")
      const observed = final.map((row) => row[column])
      return Expectation.within(
        `${what}, ${noise}`,
        observed,
        expected,
        { relative },
        Expectation.regression,
      )
    })
    return [
      Expectation.every(
        "the eigenvalues keep their order",
        ordered(rows.filter(({ route }) => route !== free)),
        (isAbove) => isAbove,
        (all) => (all.every(Boolean) ? "kept" : "lost"),
        "kept",
        {
          control: "without the drift that keeps them apart",
          observed: ordered(rows.filter(({ route }) => route === free)),
        },
      ),
      ...(config.dimension === 6 && config.time === 3 ? stated : []),
    ]
  },
})
