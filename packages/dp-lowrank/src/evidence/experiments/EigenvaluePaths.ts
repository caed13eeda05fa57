/** Experiment E1, Figure 1 of the paper: eigenvalues repel each other more strongly under complex noise. */
import { Expectation, experiment, Figure, Rows } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { Schema, Stream } from "effect"
import * as DysonFlow from "../../eigenvalues/DysonFlow.ts"
import * as Gaps from "../../eigenvalues/Gaps.ts"

const Config = Schema.Struct({
  dimension: Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 40 })),
  time: Schema.Finite.check(Schema.isGreaterThan(0)),
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
  /** Spectra at the final time, for the statistics. */
  samples: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

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

const reference: Config = { dimension: 6, time: 3, steps: 300, samples: 2000 }
const noises = [
  { noise: "real", beta: 1 },
  { noise: "complex", beta: 2 },
] as const

export const paths = experiment<Config, Row>({
  id: "dp-lowrank/eigenvalue-paths",
  title: "Figure 1: eigenvalues of a matrix in Brownian motion",
  source: {
    paper: "Mangoubi, Vishnoi 2023",
    statement: "Figure 1, with the corrected drift coefficient",
    basis: "corrected",
  },
  question: "How do six eigenvalues that start at 0 move, with real and with complex noise?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, steps: 60, samples: 1000 },
    fast: reference,
    paper: { ...reference, steps: 1000, samples: 20_000 },
  },
  paperSeconds: 2,
  run: ({ dimension: d, samples, steps, time }, seed) =>
    Stream.fromIterable(noises).pipe(
      Stream.flatMap(({ beta, noise }) => {
        const own = seed.child(noise)
        const stream = RandomStream.make(own.child("path"))
        const flow = DysonFlow.make(new Float64Array(d), { beta, timeStep: time / steps })
        const motion = Gaps.matrixMotion(new Float64Array(d), beta)
        const normals = new Float64Array(d)
        const every = Math.max(1, Math.round(steps / 100))
        const blank = { noise, meanLargest: Number.NaN, meanSmallestGap: Number.NaN }
        const records = Array.from({ length: Math.floor(steps / every) }, (_, k) => k + 1)
        const path = Rows.each(records, (record) => {
          for (let k = 0; k < every; k++) {
            stream.fillNormal(normals)
            DysonFlow.step(flow, normals)
            Gaps.move(motion, time / steps, stream)
          }
          const at = (record * every * time) / steps
          const byMatrix = Gaps.eigenvaluesOf(motion)
          return Array.from(flow.position, (value, index) => [
            { ...blank, route: "implicit Euler", time: at, index, value },
            { ...blank, route: "matrix", time: at, index, value: byMatrix[index]! },
          ]).flat()
        })
        const statistics = Rows.each([own.child("statistics")], (child) => {
          const sampler = RandomStream.make(child)
          let [largest, smallest] = [0, 0]
          const spectra = Gaps.sampleSpectra(samples, d, beta, sampler)
          for (let at = 0; at < spectra.length; at += d) {
            largest += (spectra[at]! * Math.sqrt(time)) / samples
            const gaps = Gaps.gapsOf(spectra.subarray(at, at + d))
            smallest += (gaps.reduce((a, b) => Math.min(a, b)) * Math.sqrt(time)) / samples
          }
          const row = { noise, route: "final law", time, index: 0, value: largest }
          return [{ ...row, meanLargest: largest, meanSmallestGap: smallest }]
        })
        return Stream.concat(path, statistics).pipe(Stream.flatMap(Stream.fromIterable))
      }),
    ),
  figures: (rows) =>
    noises.map(({ noise }) =>
      Figure.lines({
        id: noise,
        title: `Eigenvalues with ${noise} noise`,
        caption:
          "Each line is an eigenvalue by implicit Euler; they never cross, and complex noise keeps them further apart.",
        rows: rows.filter((row) => row.noise === noise && row.route === "implicit Euler"),
        x: { field: "time", title: "time" },
        y: { field: "value", title: "eigenvalue" },
        series: { field: "index", title: "index" },
      }),
    ),
  expectations: (rows, config) => {
    const ordered = rows.every((row, i) => {
      const next = rows.slice(i + 1, i + 3).find((other) => other.route === row.route)
      return (
        row.route === "final law" ||
        next === undefined ||
        next.index !== row.index + 1 ||
        next.value < row.value
      )
    })
    const final = (noise: string) =>
      rows.find((row) => row.noise === noise && row.route === "final law")!
    const [real, complex] = [final("real"), final("complex")]
    const stated =
      config.dimension === 6 && config.time === 3
        ? [
            Expectation.within("largest eigenvalue, real", real.meanLargest, 9.2, {
              relative: 0.05,
            }),
            Expectation.within("largest eigenvalue, complex", complex.meanLargest, 12.3, {
              relative: 0.05,
            }),
            Expectation.within("smallest gap, real", real.meanSmallestGap, 1.48, {
              relative: 0.08,
            }),
            Expectation.within("smallest gap, complex", complex.meanSmallestGap, 2.47, {
              relative: 0.08,
            }),
          ]
        : []
    return [
      Expectation.that("the order is kept", ordered, ordered ? "kept" : "lost", "kept"),
      ...stated,
    ]
  },
})
