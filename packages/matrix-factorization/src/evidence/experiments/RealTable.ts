/** Completion of a real table: hidden entries, against the published recipe of soft-impute. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { AtLeastTwo, Fraction } from "@nonconvex/problems/Fields"
import { Effect, Schema } from "effect"
import { completeTable, errorAt, fitTable, predict, type Table } from "../../index.ts"
import { operatorNorm, shrinkage } from "../../recovery/Shrinkage.ts"
import { pairs } from "../support/Combinations.ts"
import { derived } from "../support/Paper.ts"

const Config = Schema.Struct({
  table: Schema.Literals(["breast-cancer", "digits", "diabetes"]),
  /** The first rows of the training part. */
  rows: Schema.Int.check(Schema.isGreaterThan(10)),
  /** Share of hidden entries. */
  hidden: Schema.Array(Fraction),
  folds: AtLeastTwo,
})

type Config = typeof Config.Type

const methods = ["column means", "soft-impute recipe", "cross-validated trace norm"] as const

const Row = Schema.Struct({
  table: Schema.String,
  hidden: Schema.Number,
  /** True if each column was shuffled separately, which removes all relations between columns: the control. */
  isShuffled: Schema.Boolean,
  method: Schema.Literals(methods),
  error: Schema.Number,
  /** Error on the entries that are not hidden. */
  seenError: Schema.Number,
  /** Held-out error that the method itself estimates; NaN if it gives none. */
  expected: Schema.Number,
  standardError: Schema.Number,
  rank: Schema.Int,
})

type Row = typeof Row.Type

/** Values of a missing case. */
const missing = { error: NaN, seenError: NaN, expected: NaN, standardError: NaN }

/**
 * Soft-impute with the defaults of fancyimpute (as recalled). It shrinks by 1/50 of the largest singular value of the
 * zero-filled table. It ends after 100 iterations, or when the filled entries change by less than 1e-3.
 */
const recipe = (
  { columnOf, columns, rowOf, rows, values }: Table,
  kernels: Kernels.Kernels,
): Filled => {
  const shrink = shrinkage(rows, columns, kernels)
  const filled = new Float64Array(rows * columns)
  const places = rowOf.map((row, i) => row * columns + columnOf[i]!)
  places.forEach((at, i) => {
    filled[at] = values[i]!
  })
  const threshold = operatorNorm(filled, rows, columns, kernels) / 50
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
  return { predict: (row, column) => low[row * columns + column]!, rank }
}

/** Columns with mean 0 and standard deviation 1; constant ones are omitted. */
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

const shuffled = (columns: ReadonlyArray<Float64Array>, seed: Seed.Seed) =>
  columns.map((column, c) =>
    Float64Array.from(
      RandomStream.make(seed.child(c)).permutation(column.length),
      (r) => column[r]!,
    ),
  )

/** Observed and hidden entries; every row and column keeps at least one observed entry. */
const hide = (
  columns: ReadonlyArray<Float64Array>,
  rows: number,
  part: number,
  seed: Seed.Seed,
): { readonly seen: Table; readonly held: Table } => {
  const width = columns.length
  const stream = RandomStream.make(seed)
  // a diagonal stays
  const isHidden = Array.from(
    { length: rows * width },
    (_, at) => stream.uniform() < part && Math.floor(at / width) % width !== at % width,
  )
  const table = (hidden: boolean): Table => {
    const places = Uint32Array.from(isHidden.keys()).filter((at) => isHidden[at] === hidden)
    const rowOf = places.map((at) => Math.floor(at / width))
    const columnOf = places.map((at) => at % width)
    const values = Float64Array.from(rowOf, (row, i) => columns[columnOf[i]!]![row]!)
    return { rows, columns: width, rowOf, columnOf, values }
  }
  return { seen: table(false), held: table(true) }
}

interface Filled {
  readonly predict: (row: number, column: number) => number
  readonly rank: number
}

const byMeans = {
  kind: "column means",
  rank: 0,
  penalty: Infinity,
  weighting: 0,
  ridge: [1, 1],
} as const

/** Fills the table by a method: its prediction, its rank, and its estimate of the error. */
const fill = (
  method: Row["method"],
  seen: Table,
  options: FillOptions,
): Filled & Pick<Row, "expected" | "standardError"> => {
  const ignorant = { expected: Number.NaN, standardError: Number.NaN }
  switch (method) {
    case "column means": {
      const fit = fitTable(seen, byMeans, options)
      return { predict: (row, column) => predict(fit, row, column), rank: 1, ...ignorant }
    }
    case "soft-impute recipe":
      return { ...recipe(seen, options.kernels), ...ignorant }
    case "cross-validated trace norm": {
      const { fit, validation } = completeTable(seen, options)
      const { error: expected, standardError } = validation
      const { rank } = fit
      return { predict: (row, column) => predict(fit, row, column), rank, expected, standardError }
    }
  }
}

interface FillOptions {
  readonly folds: number
  readonly seed: Seed.Seed
  readonly kernels: Kernels.Kernels
}

export const realTable = Experiment.table({
  id: "matrix-factorization/real-table",
  title:
    "Missing values in a real table: a cross-validated trace norm against the published recipe",
  source: derived("completion of a bundled table; soft-impute's recipe as recalled"),
  question:
    "How large is the error on hidden entries of standardised measurements, and does the method estimate it well?",
  config: Config,
  columns: Row,
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
  prepare: ({ config }) =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const { train } = yield* datasets.load(config.table)
      const rows = Math.min(config.rows, train.samples)
      return { rows, columns: standardised(train.features, rows, train.dimension) }
    }),
  cases: ({ hidden }) => [
    ...pairs(hidden, methods).map(([part, method]) => ({ part, method, isShuffled: false })),
    ...pairs(hidden.slice(0, 1), ["column means", "cross-validated trace norm"] as const).map(
      ([part, method]) => ({ part, method, isShuffled: true }),
    ),
  ],
  row: ({ isShuffled, method, part }, { config: { folds, table }, kernels, seed, shared }) => {
    const columns = isShuffled ? shuffled(shared.columns, seed.child("shuffle")) : shared.columns
    const { held, seen } = hide(columns, shared.rows, part, seed.child(part))
    const { predict: value, ...found } = fill(method, seen, {
      folds,
      seed: seed.child("folds"),
      kernels,
    })
    return {
      table,
      hidden: part,
      isShuffled,
      method,
      error: errorAt(value, held),
      seenError: errorAt(value, seen),
      ...found,
    }
  },
  figures: () => [
    Figure.lines<Row>({
      id: "error",
      title: "Error on hidden entries",
      caption:
        "In standard deviations of a column; predicting column means has an error of about 1.",
      where: { isShuffled: false },
      x: { field: "hidden", title: "part of the entries hidden" },
      y: { field: "error", title: "root mean square error" },
      series: { field: "method", title: "method" },
    }),
  ],
  expectations: (rows, { hidden }) => {
    const find = (part: number | undefined, method: Row["method"], isShuffled = false) =>
      rows.find(
        (row) => row.hidden === part && row.method === method && row.isShuffled === isShuffled,
      ) ?? missing
    const [ourMethod, theMeans] = ["cross-validated trace norm", "column means"] as const
    const overMeans = (part: number | undefined, isShuffled: boolean) =>
      find(part, ourMethod, isShuffled).error / find(part, theMeans, isShuffled).error
    return hidden.flatMap((part) => {
      const [means, published, ours] = methods.map((method) => find(part, method))
      const { error, expected, seenError, standardError } = ours!
      return [
        // the simplest model within one standard error of the best is chosen, which costs up to that much
        Expectation.atMost(
          `error of the cross-validated trace norm, at most two standard errors above the recipe (${part} hidden)`,
          error,
          published!.error + 2 * standardError,
          { control: "the means", observed: means!.error },
        ),
        Expectation.atMost(
          `error of the cross-validated trace norm / error of column means (${part} hidden)`,
          overMeans(part, false),
          0.8,
          { control: "columns shuffled independently", observed: overMeans(hidden[0], true) },
        ),
        // each fold fits fewer entries than the whole does, and so errs on the side of caution
        Expectation.atMost(
          `estimated error, at most 1.4 times the true error (${part} hidden)`,
          expected,
          1.4 * error,
          { control: "error of the means", observed: means!.error },
        ),
        Expectation.atLeast(
          `estimated error plus two standard errors, at least the true error (${part} hidden)`,
          expected + 2 * standardError,
          error,
          {
            control: "error on the observed entries",
            observed: seenError + 2 * standardError,
          },
        ),
      ]
    })
  },
})
