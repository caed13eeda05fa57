/** Top columns of each row, with their quality on held-out cells beside the most popular columns. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import { fitTable } from "./MatrixCompletion.ts"
import { centred, columnMeans, type Model } from "./Models.ts"
import * as Ranking from "./Ranking.ts"
import {
  type Compressed,
  compress,
  type Observations,
  requireDistinct,
  requireTable,
  subtable,
  type Table,
} from "./Table.ts"
import { bounded, type Fit } from "./TableFit.ts"

/** Mean over rows with its standard error. */
export interface Measured {
  readonly mean: number
  readonly standardError: number
}

/** Ranking quality of a model and of a baseline, on the same held-out cells. */
export interface RankingEvidence {
  /** Number of rows that were judged. */
  readonly rows: number
  /** Normalised discounted cumulative gain of the first columns, from 0 to 1. */
  readonly ndcg: { readonly model: Measured; readonly baseline: Measured }
  /** Share of the first columns that are relevant held-out cells. */
  readonly precision: { readonly model: Measured; readonly baseline: Measured }
  /** NDCG of the model minus that of the baseline, in pairs of the same row. */
  readonly gain: Measured
}

/** Lists of some rows: list k has entries `starts[k]` to `starts[k + 1]`, best first. */
export interface Lists {
  readonly rows: Uint32Array
  readonly starts: Uint32Array
  readonly columnOf: Uint32Array
  readonly values: Float64Array
}

/** Rows of which some cells are held out, and the other cells. */
export interface HiddenCells {
  readonly training: Table
  readonly seen: Observations
  readonly held: Compressed
}

/** Part of the cells of a row that is held out. */
const heldPart = 5

/** Holds out a fifth of the cells of each row that has at least two. */
export const hide = (table: Table, seed: Seed.Seed): HiddenCells => {
  const stream = RandomStream.make(seed)
  const left = new Uint32Array(table.rows)
  for (const row of table.rowOf) left[row]!++
  const wanted = left.map((count) => (count < 2 ? 0 : Math.ceil(count / heldPart)))
  const [kept, hidden]: [Array<number>, Array<number>] = [[], []]
  // of the cells that are left in a row, each is taken with the same probability
  table.rowOf.forEach((row, i) => {
    const isHidden = stream.uniform() * left[row]! < wanted[row]!
    left[row]!--
    if (isHidden) wanted[row]!--
    const to = isHidden ? hidden : kept
    to.push(i)
  })
  const training = subtable(table, Uint32Array.from(kept))
  return {
    training,
    seen: compress(training),
    held: compress(table, Uint32Array.from(hidden)).byRow,
  }
}

/** Rows judged at most. */
const mostRows = 5000

/** Rows with a relevant held-out cell, and so many at least; of many, evenly spaced ones. */
export const judged = (held: Compressed, gains: Float64Array, fewest = 1): Uint32Array => {
  const rows = Ranking.judgedRows(held, gains, fewest)
  if (rows.length <= mostRows) return rows
  const every = rows.length / mostRows
  return Uint32Array.from({ length: mostRows }, (_, k) => rows[Math.floor(k * every)]!)
}

/** Scorer that gives every row the same scores. */
const constant =
  (scores: Float64Array): Ranking.Scorer =>
  (rows, out) =>
    rows.forEach((_, k) => out.set(scores, k * scores.length))

/** Number of observed cells of each column. */
const popularity = ({ byColumn: { starts } }: Observations): Float64Array =>
  Float64Array.from({ length: starts.length - 1 }, (_, j) => starts[j + 1]! - starts[j]!)

/** Quality of a scorer beside that of a baseline. */
export const compare = (
  model: Ranking.Scorer,
  baseline: Ranking.Scorer,
  columns: number,
  trial: Ranking.Trial,
): RankingEvidence => {
  const [ours, other] = [model, baseline].map((each) => Ranking.judge(each, columns, trial))
  const pair = (kind: keyof Ranking.Quality) => ({
    model: Ranking.meanOf(ours![kind]),
    baseline: Ranking.meanOf(other![kind]),
  })
  return {
    rows: trial.rows.length,
    ndcg: pair("ndcg"),
    precision: pair("precision"),
    gain: Ranking.meanOf(ours!.ndcg.map((value, k) => value - other!.ndcg[k]!)),
  }
}

/** The popularity baseline against a scorer, among all cells that the fit has not seen. */
export const againstPopularity = (
  scorer: Ranking.Scorer,
  { held, seen }: HiddenCells,
  gains: Float64Array,
  top: number,
): RankingEvidence | undefined => {
  const rows = judged(held, gains)
  if (rows.length === 0) return undefined
  return compare(scorer, constant(popularity(seen)), seen.columns, {
    seen: seen.byRow,
    held,
    gains,
    rows,
    top,
    amongHeld: false,
  })
}

/** Lists of rows without their observed cells; a row without any gets the most popular columns. */
export const listsOf = (
  scorer: Ranking.Scorer,
  valueOf: (row: number, score: number) => number,
  { byRow, ...observations }: Observations,
  rows: Uint32Array,
  top: number,
): Lists => {
  const { columns } = observations
  const popular = popularity({ byRow, ...observations })
  const scores = new Float64Array(Ranking.together * columns)
  const candidates = new Float64Array(columns)
  const list = new Uint32Array(top)
  const starts = new Uint32Array(rows.length + 1)
  const columnOf = new Uint32Array(rows.length * top)
  const values = new Float64Array(rows.length * top)
  let length = 0
  for (let first = 0; first < rows.length; first += Ranking.together) {
    const block = rows.subarray(first, first + Ranking.together)
    scorer(block, scores)
    for (let k = 0; k < block.length; k++) {
      const row = block[k]!
      const own = scores.subarray(k * columns, (k + 1) * columns)
      const [from, to] = [byRow.starts[row]!, byRow.starts[row + 1]!]
      candidates.set(from === to ? popular : own)
      for (let e = from; e < to; e++) candidates[byRow.others[e]!] = -Infinity
      const count = Ranking.best(candidates, top, list)
      for (let place = 0; place < count; place++, length++) {
        columnOf[length] = list[place]!
        values[length] = valueOf(row, own[list[place]!]!)
      }
      starts[first + k + 1] = length
    }
  }
  return { rows, starts, columnOf: columnOf.slice(0, length), values: values.slice(0, length) }
}

/** Lists of rated columns, and how good they are. */
export interface RatedLists {
  readonly lists: Lists
  /** Held-out cells that are at least the mean of their row, found among all columns; absent where no row has one. */
  readonly found?: RankingEvidence
  /** The order of the held-out cells of a row beside that by the means of columns; absent where no row has two values. */
  readonly ordered?: RankingEvidence
}

interface ListOptions {
  /** Length of a list. */
  readonly top: number
  /** Rows that get a list. */
  readonly rows: Uint32Array
  readonly seed?: Seed.Seed
  readonly kernels?: Kernels.Kernels
}

/** Throws InvalidInput on a row that the table lacks. */
export const requireRows = (operation: string, rows: Uint32Array, table: Table): void => {
  Require.object(operation, "rows", rows, "length")
  for (const row of rows) Require.count(operation, "a row", row, 0, table.rows - 1)
}

const scorerOf = (
  { columnEffects, left, rank, right }: Fit,
  kernels: Kernels.Kernels,
): Ranking.Scorer => Ranking.scorerOf({ effects: columnEffects, left, rank, right }, kernels)

/** 1 for held-out cells that are at least the mean of the observed cells of their row. */
const liked = (held: Compressed, { byRow }: Observations): Float64Array => {
  const out = new Float64Array(held.values.length)
  for (let k = 0; k + 1 < held.starts.length; k++) {
    const own = byRow.values.subarray(byRow.starts[k], byRow.starts[k + 1])
    const { mean } = Ranking.meanOf(own)
    for (let e = held.starts[k]!; e < held.starts[k + 1]!; e++) {
      out[e] = Number(held.values[e]! >= mean)
    }
  }
  return out
}

/** Values above the least one of the held-out cells of their row. */
const excess = ({ starts, values }: Compressed): Float64Array => {
  const out = values.slice()
  for (let k = 0; k + 1 < starts.length; k++) {
    const own = out.subarray(starts[k], starts[k + 1])
    const least = own.reduce((low, value) => Math.min(low, value), Infinity)
    for (let e = 0; e < own.length; e++) own[e]! -= least
  }
  return out
}

/**
 * The `top` columns with the highest predictions for some rows, without their observed cells. The same model, fitted without
 * a fifth of the cells of each row, is judged on these: whether its lists find them, beside the most popular columns, and
 * whether it orders them, beside the means of columns. Throws InvalidInput as `completeTable`, and on a fit of another size.
 *
 * @example
 * ```ts import.meta.vitest
 * import { fitTable, recommend } from "@nonconvex/matrix-factorization"
 *
 * const table = {
 *   rows: 2,
 *   columns: 3,
 *   rowOf: Uint32Array.of(0, 0, 0, 1),
 *   columnOf: Uint32Array.of(0, 1, 2, 0),
 *   values: Float64Array.of(3, 5, 4, 3),
 * }
 * const model = { kind: "column means", rank: 0, penalty: Infinity, weighting: 0, ridge: [1, 1] } as const
 * const { lists } = recommend(table, fitTable(table, model), { top: 2, rows: Uint32Array.of(1) })
 * Array.from(lists.columnOf) // => [1, 2]
 * ```
 */
export const recommend = (
  table: Table,
  fit: Fit,
  { kernels = Kernels.standard(), rows, seed = Seed.root("recommend"), top }: ListOptions,
): RatedLists => {
  requireTable("recommend", table)
  const observations = compress(table)
  requireDistinct("recommend", observations)
  requireRows("recommend", rows, table)
  Require.count("recommend", "top", top, 1, table.columns)
  Require.length("recommend", "fit.rowEffects", fit.rowEffects.length, table.rows)
  Require.length("recommend", "fit.columnEffects", fit.columnEffects.length, table.columns)
  const hidden = hide(table, seed.child("hidden"))
  const { held, seen, training } = hidden
  const valueOf = (row: number, score: number) =>
    bounded(fit.bounds, fit.mean + fit.rowEffects[row]! + score)
  const lists = listsOf(scorerOf(fit, kernels), valueOf, observations, rows, top)
  if (held.values.length === 0) return { lists }
  const model: Model = fit.model
  const scorer = scorerOf(fitTable(training, model, { kernels, seed }), kernels)
  const found = againstPopularity(scorer, hidden, liked(held, seen), top)
  const gains = excess(held)
  const ordering = judged(held, gains, 2)
  const means = constant(columnMeans(centred(training).observations))
  return {
    lists,
    ...(found && { found }),
    ...(ordering.length > 0 && {
      ordered: compare(scorer, means, table.columns, {
        seen: seen.byRow,
        held,
        gains,
        rows: ordering,
        top,
        amongHeld: true,
      }),
    }),
  }
}
