/** Filling the missing cells of a table whose columns have units of their own, numbers and categories together. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import { lowRankAlone, type Method, methods, predictorOf, tableOf } from "./CellPredictors.ts"
import { type ColumnKind, type Levels, progressionOf } from "./ColumnKinds.ts"
import * as Combination from "./Combination.ts"
import { type Coordinates, coordinatesOf } from "./Coordinates.ts"
import { chooseModel } from "./MatrixCompletion.ts"
import type { Model } from "./Models.ts"
import { requireTable, type Table } from "./Table.ts"

/** Methods that fill a column, and the errors on its held-out cells. */
export interface ImputedColumn {
  readonly kind: ColumnKind
  /** Weights of the methods; empty for a column that is not predicted. */
  readonly by: ReadonlyArray<{ readonly method: Method; readonly weight: number }>
  /** On held-out cells the root mean square error of a number, or the error rate of a category. */
  readonly error?: number
  readonly standardError?: number
  /** The same error of the mean of a number, or of the most frequent category. */
  readonly meanError?: number
  /** Number of cells that were held out. */
  readonly heldOut: number
}

export interface ImputedTable {
  readonly columns: ReadonlyArray<ImputedColumn>
  /** rows x columns, row-major: known cells as they were; NaN where nothing is known of a column or it is a key. */
  readonly filled: Float64Array
  /** Mean over the predicted columns of the squared error over that of the mean, of this and of low rank alone. */
  readonly relative: { readonly combined: number; readonly lowRank: number }
  readonly folds: number
}

interface Options {
  readonly levels?: Levels
  /** Parts of the cells that are held out in turn, fewer of a large table; default 10. */
  readonly folds?: number
  readonly seed?: Seed.Seed
  readonly kernels?: Kernels.Kernels
  /** A model of low rank for the values as they are, where the table has one scale: it takes part, and is the one compared. */
  readonly lowRank?: Model
  /** Called after each fold. */
  readonly onFold?: (done: number, of: number) => void
}

/** Cells enough to tell methods apart: of more, fewer folds are held out. */
const enough = 20_000

/** Weight of the other columns in the choice of the weights of one, in held-out cells. */
const together = 30

/** The first single method is taken whose squared error is at most this multiple of the best combination's. */
const single = 1.01

/** Predictions for the held-out cells of one column. */
interface HeldOut {
  readonly rows: Array<number>
  /** Coordinates of each cell, by each method. */
  readonly found: ReadonlyArray<Array<number>>
}

/** Level with the largest share. */
const largest = (shares: ArrayLike<number>): number => {
  let best = 0
  for (let k = 1; k < shares.length; k++) if (shares[k]! > shares[best]!) best = k
  return best
}

/** Mean of some losses and its standard error. */
const spread = (losses: Float64Array) => {
  const mean = losses.reduce((sum, value) => sum + value, 0) / losses.length
  const square = losses.reduce((sum, value) => sum + Elementary.square(value - mean), 0)
  return { mean, standardError: Math.sqrt(square / Math.max(1, losses.length - 1) / losses.length) }
}

/** Known cells of the columns that are predicted, as row times number of columns plus column. */
const knownOf = ({ columns }: Coordinates): Uint32Array => {
  const known: Array<number> = []
  columns.forEach(({ count, values }, j) => {
    if (count === 0) return
    values.forEach((value, i) => Number.isNaN(value) || known.push(i * columns.length + j))
  })
  return Uint32Array.from(known)
}

/** Predictions for cells that are hidden fold by fold. */
const heldOutOf = (
  { cells, columns, width }: Coordinates,
  predictor: ReturnType<typeof predictorOf>,
  {
    known,
    order,
    parts,
    used,
  }: { known: Uint32Array; order: Uint32Array; parts: number; used: number },
  onFold: (done: number) => void,
): ReadonlyArray<HeldOut> => {
  const held: Array<HeldOut | undefined> = columns.map(() => undefined)
  for (let fold = 0; fold < used; fold++) {
    const hidden = cells.slice()
    const chosen = known.filter((_, place) => order[place]! % parts === fold)
    for (const at of chosen) {
      const { count, from } = columns[at % columns.length]!
      const start = Math.floor(at / columns.length) * width + from
      hidden.fill(Number.NaN, start, start + count)
    }
    const all = [...predictor(hidden).values()]
    for (const at of chosen) {
      const [row, j] = [Math.floor(at / columns.length), at % columns.length]
      const { count, from } = columns[j]!
      const own = (held[j] ??= { rows: [], found: all.map(() => []) })
      own.rows.push(row)
      all.forEach((filled, k) => {
        for (let a = 0; a < count; a++) own.found[k]!.push(filled[row * width + from + a]!)
      })
    }
    onFold(fold + 1)
  }
  return held.map((own) => own ?? { rows: [], found: [] })
}

/** Weights of the methods for one column: those of the simplest one where it is about as good as the best combination. */
const weightsFrom = (
  own: Combination.Products,
  count: number,
  shared: Combination.Products,
): Float64Array => {
  const size = Math.sqrt(own.length)
  const unit = own[0]! / count
  const blended = own.map((value, k) => value + together * unit * shared[k]!)
  const best = Combination.weightsOf(blended, size)
  const least = Combination.squaredError(blended, best)
  const simplest = best.findIndex((_, k) => blended[k * size + k]! <= single * least)
  return simplest < 0 ? best : best.map((_, k) => Number(k === simplest))
}

/** The value of a column that is not predicted from others; NaN for a key without a rule and for an empty column. */
const ruleOf = (
  { from, kind, values }: Coordinates["columns"][number],
  { mean }: Coordinates,
  levels: number | undefined,
): ((row: number) => number) => {
  switch (kind) {
    case "constant": {
      const value = values.find((each) => !Number.isNaN(each))!
      return () => value
    }
    case "key": {
      const rule = levels === undefined ? progressionOf(values) : undefined
      return (row) => (rule === undefined ? Number.NaN : rule.start + rule.step * row)
    }
    case "empty":
      return () => Number.NaN
    case "number":
      return () => mean[from]!
    case "category":
      return () => largest(mean.subarray(from, from + levels!))
  }
}

/** Fills one column, and measures the errors on its held-out cells. */
const columnOf = (
  { columns, deviation, mean, width }: Coordinates,
  j: number,
  held: HeldOut,
  whole: ReadonlyMap<Method, Float64Array>,
  weights: Float64Array,
) => {
  const { count, from, kind, values } = columns[j]!
  const isNumber = kind === "number"
  /** Value of a cell from the coordinates that each method predicts. */
  const decided = (found: (method: number, a: number) => number): number => {
    const coordinate = (a: number) => {
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * found(k, a)
      return sum * deviation[from + a]! + mean[from + a]!
    }
    return isNumber
      ? coordinate(0)
      : largest(Array.from({ length: count }, (_unused, a) => coordinate(a)))
  }
  const all = [...whole.values()]
  const loss = (value: number, row: number) =>
    isNumber ? Elementary.square(value - values[row]!) : Number(value !== values[row]!)
  const losses = Float64Array.from(held.rows, (row, i) =>
    loss(
      decided((k, a) => held.found[k]![i * count + a]!),
      row,
    ),
  )
  const common = largest(mean.subarray(from, from + count))
  const ofMean = Float64Array.from(held.rows, (row, i) =>
    loss(isNumber ? held.found[0]![i]! * deviation[from]! + mean[from]! : common, row),
  )
  const root = (x: number) => (isNumber ? Math.sqrt(x) : x)
  const found = spread(losses)
  const error = root(found.mean)
  const standardError =
    isNumber && error > 0 ? found.standardError / (2 * error) : found.standardError
  const result: ImputedColumn = {
    kind,
    by: [...whole.keys()].flatMap((method, k) =>
      weights[k]! > 0.005 ? [{ method, weight: weights[k]! }] : [],
    ),
    ...(losses.length > 0 && { error, standardError, meanError: root(spread(ofMean).mean) }),
    heldOut: losses.length,
  }
  return { result, at: (row: number) => decided((k, a) => all[k]![row * width + from + a]!) }
}

/** Errors of each method on held-out cells: of numbers in standard deviations, of categories in probabilities. */
const productsOf = (
  { cells, columns, deviation, width }: Coordinates,
  j: number,
  { found, rows }: HeldOut,
): Combination.Products => {
  const { count, from, kind } = columns[j]!
  return Combination.productsOf(
    found.map((values) =>
      Float64Array.from(values, (value, i) => {
        const a = i % count
        const error = value - cells[rows[Math.floor(i / count)]! * width + from + a]!
        return kind === "category" ? error * deviation[from + a]! : error
      }),
    ),
  )
}

/**
 * Fills a table column by column. Each method predicts the cells of each fold from the others; each column is filled by the
 * combination with the least squared error there. Keys and columns without a value are left out, and a constant is itself.
 *
 * Throws InvalidInput as `completeTable`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { imputeColumns } from "@nonconvex/matrix-factorization"
 *
 * // metres, and the same in millimetres, with a hole in the last row
 * const length = 39
 * const rowOf = Uint32Array.from({ length }, (_, k) => Math.floor(k / 2))
 * const columnOf = Uint32Array.from({ length }, (_, k) => k % 2)
 * const values = Float64Array.from({ length }, (_, k) => ((7 * rowOf[k]!) % 11) * (k % 2 === 0 ? 1 : 1000))
 * const { filled } = imputeColumns({ rows: 20, columns: 2, rowOf, columnOf, values })
 * Math.abs(filled[39]! - 1000 * filled[38]!) < 150 // => true
 * ```
 */
export const imputeColumns = (
  table: Table,
  {
    folds = 10,
    kernels = Kernels.standard(),
    levels = new Map(),
    lowRank,
    onFold,
    seed = Seed.root("imputeColumns"),
  }: Options = {},
): ImputedTable => {
  requireTable("imputeColumns", table)
  Require.count("imputeColumns", "folds", folds, 2)
  const coordinates = coordinatesOf(table, levels)
  const { cells, columns, rows, width } = coordinates
  const filled = new Float64Array(rows * columns.length)
  const put = (j: number, value: (row: number) => number) => {
    const { values } = columns[j]!
    for (let i = 0; i < rows; i++) {
      filled[i * columns.length + j] = Number.isNaN(values[i]!) ? value(i) : values[i]!
    }
  }
  const known = knownOf(coordinates)
  const isPredicted = columns.filter(({ count }) => count > 0).length > 1 && known.length > 2
  if (!isPredicted) {
    columns.forEach((column, j) => put(j, ruleOf(column, coordinates, levels.get(j))))
    const results = columns.map(({ count, kind }): ImputedColumn => {
      const by = count === 0 ? [] : [{ method: methods[0], weight: 1 }]
      return { kind, by, heldOut: 0 }
    })
    return { columns: results, filled, relative: { combined: 1, lowRank: 1 }, folds: 0 }
  }
  const parts = Math.min(folds, known.length)
  const used = Math.min(parts, Math.max(2, Math.ceil((folds * enough) / known.length)))
  const ofCoordinates = chooseModel(tableOf(cells, width), { folds, kernels, seed }).model
  const predictor = predictorOf(coordinates, { ofCoordinates, ofValues: lowRank }, seed, kernels)
  const order = RandomStream.make(seed.child("folds")).permutation(known.length)
  const held = heldOutOf(coordinates, predictor, { known, order, parts, used }, (done) =>
    onFold?.(done, used + 1),
  )
  const whole = predictor(cells)
  const names = [...whole.keys()]
  const products = columns.map((_, j) => productsOf(coordinates, j, held[j]!))
  const judged = products.filter((own) => own.length > 0 && own[0]! > 0)
  const shared = new Float64Array(names.length * names.length)
  for (const own of judged) {
    own.forEach((value, k) => (shared[k]! += value / own[0]! / judged.length))
  }
  const low = names.indexOf(lowRank === undefined ? "low rank" : lowRankAlone)
  const relative = { combined: 0, lowRank: 0 }
  const results = columns.map((column, j): ImputedColumn => {
    const [own, cellsHeld] = [products[j]!, held[j]!]
    if (!judged.includes(own)) {
      put(j, ruleOf(column, coordinates, levels.get(j)))
      const by = column.count === 0 ? [] : [{ method: methods[0], weight: 1 }]
      return { kind: column.kind, by, heldOut: 0 }
    }
    const weights = weightsFrom(own, cellsHeld.rows.length, shared)
    relative.combined += Combination.squaredError(own, weights) / own[0]! / judged.length
    relative.lowRank += own[low * names.length + low]! / own[0]! / judged.length
    const { at, result } = columnOf(coordinates, j, cellsHeld, whole, weights)
    put(j, at)
    return result
  })
  return { columns: results, filled, relative, folds: used }
}

/** Part of the squared error of low rank alone, and of that of the means, by which the columns must be better. */
const [clearly, negligible] = [0.03, 1e-4]

/**
 * Tests whether the columns are filled clearly better one by one than by low rank alone.
 *
 * @internal
 */
export const isBetterByColumns = ({ relative }: ImputedTable): boolean =>
  relative.combined < (1 - clearly) * relative.lowRank - negligible

/** Rows that tell columns apart, columns that regressions can take, and cells that are held in memory together. */
const [fewestRows, mostColumns, mostCells] = [20, 150, 5_000_000]

/**
 * Tests whether a table of numbers with one scale should be tried by columns too.
 *
 * @internal
 */
export const mayHaveColumns = ({ columns, rows }: Table): boolean =>
  rows >= fewestRows && columns <= mostColumns && rows * columns <= mostCells
