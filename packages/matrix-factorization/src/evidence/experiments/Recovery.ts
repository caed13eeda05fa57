/** The recovery table: which principle finds a low-rank matrix from how many measurements. */
import { Expectation, experiment, Figure, Rows } from "@nonconvex/evidence"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Schema, type Stream } from "effect"
import { derived } from "../support/Paper.ts"
import { flattestInterpolant } from "../../flatness/FlattestInterpolant.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { minimiseNuclearNorm } from "../../recovery/NuclearNorm.ts"
import { rankOneInterval } from "../../measurements/RestrictedIsometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { mean, pairs } from "../support/Combinations.ts"
import { sensing } from "../support/Sensing.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

const Config = Schema.Struct({
  size: Count,
  /** Rank and measurements of a row of the table. */
  settings: Schema.Array(Schema.Struct({ rank: Count, measurements: Count })),
  depths: Schema.Array(Schema.Int.check(Schema.isGreaterThan(1))),
  /** Starts of the search in three layers or more. */
  starts: Count,
  seeds: Count,
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  rank: Schema.Int,
  measurements: Schema.Int,
  instance: Schema.Int,
  method: Schema.String,
  error: Schema.Number,
  /** F(M) / F_iso(M) at the flattest interpolant; NaN for the others. */
  ratio: Schema.Number,
  /** Where theory has that ratio: the isometry of the measurements on matrices of rank one; NaN for the others. */
  lo: Schema.Number,
  hi: Schema.Number,
  status: Schema.String,
})
type Row = typeof Row.Type

const settingsOf = (rank: number, counts: ReadonlyArray<number>) =>
  counts.map((measurements) => ({ rank, measurements }))

const reference: Config = {
  size: 8,
  settings: [...settingsOf(1, [20, 28, 36, 44]), ...settingsOf(2, [28, 36, 44, 52, 60])],
  depths: [2, 3],
  starts: 1,
  seeds: 3,
}

const run = (config: Config, seed: Seed.Seed): Stream.Stream<Row> => {
  const { depths, seeds, settings, size, starts } = config
  const instances = pairs(
    settings,
    Array.from({ length: seeds }, (_, k) => k),
  )
  const methods = ["least Frobenius norm", "least nuclear norm", ...depths] as const
  return Rows.each(
    pairs(instances, methods),
    ([[{ measurements: count, rank }, instance], method]) => {
      const problem = sensing(size, rank, count, seed.child(rank).child(count).child(instance))
      const none = { ratio: Number.NaN, lo: Number.NaN, hi: Number.NaN }
      const row = { rank, measurements: count, instance, ...none }
      if (method === "least Frobenius norm") {
        return { ...row, method, error: problem.minimumNormError(), status: "exact" }
      }
      if (method === "least nuclear norm") {
        const { matrix, status } = minimiseNuclearNorm(problem.measurements, problem.targets)
        return { ...row, method, error: problem.error(matrix), status }
      }
      const found = flattestInterpolant(problem.measurements, problem.targets, {
        depth: method,
        starts,
        seed: seed.child("starts"),
      })
      const nuclear = Matrix.nuclearNorm(found.matrix, size, size)
      const { hi, lo } = rankOneInterval(problem.measurements, { starts: 8 })
      return {
        ...row,
        method: `flattest, ${method} layers`,
        error: problem.error(found.matrix),
        lo,
        hi,
        ratio: found.sharpness / Theory.inducedIsotropic(method, size, size, nuclear),
        status: found.status,
      }
    },
  )
}

/** An error below which the matrix counts as found. */
const found = 1e-6

/** A search that ended at no interpolant has found nothing, however near it ended. */
const errorsOf = (rows: ReadonlyArray<Row>, rank: number, count: number, method: string) =>
  rows
    .filter((row) => row.rank === rank && row.measurements === count && row.method === method)
    .map(({ error, status }) => (status === "infeasible" ? Number.POSITIVE_INFINITY : error))

const evenness = (rows: ReadonlyArray<Row>, { depths, seeds }: Config) => {
  const flattest = rows.filter(({ ratio, status }) => ratio >= 0 && status !== "infeasible")
  return [
    Expectation.atMost(
      "searches that ended at no interpolant",
      rows.filter(({ status }) => status === "infeasible").length,
      0,
    ),
    Expectation.atMost(
      "flattest interpolants whose F / F_iso is below lo or above hi",
      flattest.filter(({ hi, lo, ratio }) => !(lo <= ratio && ratio <= hi)).length,
      0,
    ),
    // single ones scatter by about a tenth
    ...(seeds < 3
      ? []
      : depths.map((depth) =>
          Expectation.within(
            `mean F / F_iso in ${depth} layers`,
            mean(
              flattest
                .filter(({ method }) => method === `flattest, ${depth} layers`)
                .map(({ ratio }) => ratio),
            ),
            1,
            { absolute: 0.05 },
          ),
        )),
  ]
}

export const recoveryExperiment = experiment<Config, Row>({
  id: "matrix-factorization/recovery",
  title: "Flat interpolants recover low-rank matrices where the nuclear norm does",
  source: derived("recovery, in a setting of ours (the paper's is not known)"),
  question:
    "How far from the truth is the flattest interpolant of few measurements, against the least Frobenius and nuclear norms?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, settings: settingsOf(1, [20, 44]), seeds: 1 },
    fast: reference,
    paper: {
      ...reference,
      settings: [
        ...settingsOf(1, [20, 28, 36, 44, 52, 60]),
        ...settingsOf(2, [28, 36, 44, 52, 60]),
      ],
      depths: [2, 3, 4],
      starts: 5,
      seeds: 10,
    },
  },
  paperSeconds: 300,
  parts: (config) => config.settings.map((setting) => ({ ...config, settings: [setting] })),
  rows: ({ depths, seeds, settings }) => settings.length * seeds * (2 + depths.length),
  run,
  figures: (rows) => [
    Figure.points({
      id: "error",
      title: "Relative error by the number of measurements",
      caption:
        "Least Frobenius norm never finds the matrix; the flattest interpolants find it where the least nuclear norm does.",
      rows: rows.map((row) => ({ ...row, error: Math.max(row.error, 1e-10) })),
      x: { field: "measurements", title: "measurements of an 8 x 8 matrix" },
      y: { field: "error", title: "relative error", scale: "log" },
      series: { field: "method", title: "method" },
      panel: { field: "rank", title: "rank" },
    }),
  ],
  expectations: (rows, config) => [
    ...evenness(rows, config),
    ...config.settings.flatMap(({ measurements, rank }) => {
      const at = `rank ${rank}, ${measurements} measurements`
      const errors = (method: string) => errorsOf(rows, rank, measurements, method)
      const nuclear = errors("least nuclear norm")
      const far = Expectation.atLeast(
        `the least Frobenius norm is farther off than the nuclear norm (${at})`,
        mean(errors("least Frobenius norm")),
        mean(nuclear),
      )
      if (Math.max(...nuclear) > found) return [far]
      return [
        far,
        ...config.depths.map((depth) =>
          Expectation.atMost(
            `the flattest interpolant in ${depth} layers is the matrix where the nuclear norm found it each time (${at})`,
            Math.max(...errors(`flattest, ${depth} layers`)),
            found,
          ),
        ),
      ]
    }),
  ],
})
