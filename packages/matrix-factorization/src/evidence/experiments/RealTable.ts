/** Completion of a real table: hidden entries, against the published recipe of soft-impute. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import type { LoadError } from "@nonconvex/datasets/Catalogue"
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Effect, Schema, Stream } from "effect"
import { derived } from "../support/Paper.ts"
import { operatorNorm, shrinkage } from "../../recovery/Shrinkage.ts"
import {
  columnMeans,
  errorAt,
  planCompletion,
  type Table,
} from "../../completion/TableCompletion.ts"

const Config = Schema.Struct({
  table: Schema.Literals(["breast-cancer", "digits", "diabetes"]),
  /** The first rows of the training part. */
  rows: Schema.Int.check(Schema.isGreaterThan(10)),
  /** Part of the entries that is hidden. */
  hidden: Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0)).check(Schema.isLessThan(1))),
  folds: Schema.Int.check(Schema.isGreaterThan(1)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  table: Schema.String,
  hidden: Schema.Number,
  method: Schema.Literals(["column means", "soft-impute recipe", "cross-validated trace norm"]),
  error: Schema.Number,
  /** Held-out error that the method itself expects; NaN where it expects none. */
  expected: Schema.Number,
  standardError: Schema.Number,
  rank: Schema.Int,
})
type Row = typeof Row.Type

/**
 * Soft-impute as fancyimpute runs it by default (as recalled): a shrinkage of a fiftieth of the largest singular value of the
 * zero-filled table, at most 100 iterations, an end where the filled entries move by less than a thousandth.
 */
const recipe = ({ columns, entries, rows, values }: Table) => {
  const shrink = shrinkage(rows, columns)
  const filled = new Float64Array(rows * columns)
  const places = entries.map(([row, column]) => row * columns + column)
  places.forEach((at, i) => {
    filled[at] = values[i]!
  })
  const threshold = operatorNorm(filled, rows, columns) / 50
  const low = filled.slice()
  let rank = 0
  for (let iteration = 0; iteration < 100; iteration++) {
    rank = shrink(filled, threshold, low)
    const before = filled.slice()
    filled.set(low)
    places.forEach((at, i) => {
      filled[at] = values[i]!
    })
    const moved = Vector.distance(filled, before)
    places.forEach((at) => {
      before[at] = 0
    })
    if (moved < 1e-3 * Vector.norm(before)) break
  }
  return { filled: low, rank }
}

/** Columns with mean 0 and deviation 1; constant ones are left out. */
const standardised = (features: Float64Array, rows: number, columns: number) => {
  const kept: Array<Float64Array> = []
  for (let c = 0; c < columns; c++) {
    const column = Float64Array.from({ length: rows }, (_, r) => features[r * columns + c]!)
    const mean = column.reduce((sum, value) => sum + value, 0) / rows
    const centred = column.map((value) => value - mean)
    const deviation = Vector.norm(centred) / Math.sqrt(rows)
    if (deviation > 0) kept.push(centred.map((value) => value / deviation))
  }
  return kept
}

const load = Effect.fnUntraced(function* (config: Config) {
  const datasets = yield* Datasets
  const { train } = yield* datasets.load(config.table)
  const rows = Math.min(config.rows, train.samples)
  return { rows, columns: standardised(train.features, rows, train.dimension) }
}, Effect.provide(Datasets.layer))

/** The observed and the hidden entries; every row and column keeps one. */
const hide = (
  columns: ReadonlyArray<Float64Array>,
  rows: number,
  part: number,
  seed: Seed.Seed,
): { readonly seen: Table; readonly held: Table } => {
  const width = columns.length
  const stream = RandomStream.make(seed)
  const all = Array.from({ length: rows * width }, (_, at) => ({
    entry: [Math.floor(at / width), at % width] as const,
    // a diagonal that stays
    isHidden: stream.uniform() < part && Math.floor(at / width) % width !== at % width,
  }))
  const table = (isHidden: boolean): Table => {
    const entries = all.filter((one) => one.isHidden === isHidden).map(({ entry }) => entry)
    return {
      rows,
      columns: width,
      entries,
      values: Float64Array.from(entries, ([row, column]) => columns[column]![row]!),
    }
  }
  return { seen: table(false), held: table(true) }
}

const compare = (config: Config, part: number, rows: number, seen: Table, held: Table) => {
  const row = { table: config.table, hidden: part, expected: Number.NaN, standardError: Number.NaN }
  const means = columnMeans(seen)
  const flat = Float64Array.from(
    { length: rows * seen.columns },
    (_, at) => means[at % seen.columns]!,
  )
  const published = recipe(seen)
  return [
    { ...row, method: "column means", error: errorAt(held, flat), rank: 1 },
    {
      ...row,
      method: "soft-impute recipe",
      error: errorAt(held, published.filled),
      rank: published.rank,
    },
  ] satisfies ReadonlyArray<Row>
}

const run = (config: Config, seed: Seed.Seed) =>
  Stream.fromEffect(load(config)).pipe(
    Stream.flatMap(({ columns, rows }) =>
      Stream.fromIterable(config.hidden).pipe(
        Stream.flatMap((part) =>
          Stream.suspend(() => {
            const { held, seen } = hide(columns, rows, part, seed.child(part))
            const plan = planCompletion(seen, { folds: config.folds, seed: seed.child("folds") })
            const ours = Effect.forEach(
              plan.pieces,
              (piece) => Effect.map(Effect.yieldNow, () => piece()),
              { discard: true },
            ).pipe(
              Effect.map((): Row => {
                const { fit, validation } = plan.finish()
                return {
                  table: config.table,
                  hidden: part,
                  method: "cross-validated trace norm",
                  error: errorAt(held, fit.filled),
                  expected: validation.error,
                  standardError: validation.standardError,
                  rank: fit.rank,
                }
              }),
            )
            return Stream.concat(
              Stream.fromIterable<Row>(compare(config, part, rows, seen, held)),
              Stream.fromEffect(ours),
            )
          }),
        ),
      ),
    ),
  )

export const realTable = experiment<Config, Row, LoadError>({
  id: "matrix-factorization/real-table",
  title: "Holes in a real table: a cross-validated trace norm against the published recipe",
  source: derived("completion of a shipped table; soft-impute's recipe as recalled"),
  question:
    "How large is the error on hidden entries of standardised measurements, and does the method know it?",
  config: Config,
  row: Row,
  presets: {
    smoke: { table: "breast-cancer", rows: 50, hidden: [0.3], folds: 5 },
    fast: { table: "breast-cancer", rows: 120, hidden: [0.2, 0.5], folds: 4 },
    paper: {
      table: "breast-cancer",
      rows: 455,
      hidden: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
      folds: 10,
    },
  },
  paperSeconds: 95,
  rows: ({ hidden }) => 3 * hidden.length,
  run,
  figures: (rows) => [
    Figure.lines({
      id: "error",
      title: "Error on hidden entries",
      caption: "In deviations of a column: the means of the columns have an error of about 1.",
      rows,
      x: { field: "hidden", title: "part of the entries hidden" },
      y: { field: "error", title: "root mean square error" },
      series: { field: "method", title: "method" },
    }),
  ],
  expectations: (rows, { hidden }) =>
    hidden.flatMap((part) => {
      const of = (method: Row["method"]) =>
        rows.find((row) => row.hidden === part && row.method === method)
      const [means, published, ours] = [
        of("column means"),
        of("soft-impute recipe"),
        of("cross-validated trace norm"),
      ]
      return [
        Expectation.atMost(
          `the cross-validated trace norm is no worse than the recipe (${part} hidden)`,
          ours?.error ?? Number.NaN,
          1.02 * (published?.error ?? Number.NaN),
        ),
        Expectation.atMost(
          `and far better than the means (${part} hidden)`,
          ours?.error ?? Number.NaN,
          0.8 * (means?.error ?? Number.NaN),
        ),
        // each fold fits fewer entries than the whole does, and so errs on the side of caution
        Expectation.atMost(
          `the error that it expects is not far above the true one (${part} hidden)`,
          ours?.expected ?? Number.NaN,
          1.4 * (ours?.error ?? Number.NaN),
        ),
        Expectation.atLeast(
          `nor below it (${part} hidden)`,
          (ours?.expected ?? Number.NaN) + 2 * (ours?.standardError ?? Number.NaN),
          ours?.error ?? Number.NaN,
        ),
      ]
    }),
})
