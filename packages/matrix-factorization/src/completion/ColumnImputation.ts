/** Filling the missing cells of a table whose columns have units of their own, numbers and categories together. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import { type ColumnKind, type Levels, progressionOf } from "./ColumnKinds.ts"
import * as Combination from "./Combination.ts"
import { type Coordinates, coordinatesOf } from "./Coordinates.ts"
import * as JointNormal from "./JointNormal.ts"
import { chooseModel, fitTable } from "./MatrixCompletion.ts"
import type { Model } from "./Models.ts"
import * as NearestRows from "./NearestRows.ts"
import * as NormalScores from "./NormalScores.ts"
import { requireTable, type Table } from "./Table.ts"
import { predict } from "./TableFit.ts"

/** The ways to predict a cell, of which each column takes a weighted mean. */
export const methods = [
  "mean of the column",
  "regression on the other columns",
  "regression, shrunk",
  "regression on normal scores",
  "regression with the rows before and after",
  "5 nearest rows",
  "15 nearest rows by distance",
  "low rank",
] as const
export type Method = (typeof methods)[number]

/** How one column is filled, and how well. */
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
  /** Called after each fold. */
  readonly onFold?: (done: number, of: number) => void
}

/** Rows without correlations that count beside the rows of a table, in a slight and in a firm shrinkage. */
const shrinkages = { slight: 0.1, firm: 5, scores: 1 }

/** Coordinates of a row above which regressions on all of them take too long. */
const widest = 150

/** Cells enough to tell methods apart: of more, fewer folds are held out. */
const enough = 20_000

/** Weight of the other columns in the choice of the weights of one, in held-out cells. */
const together = 30

/** A single method is taken if its squared error is at most this multiple of the best combination's. */
const single = 1.01

/** The rows before and after in the same row. */
const withNeighbours = (cells: Float64Array, width: number): Float64Array => {
  const rows = cells.length / width
  const out = new Float64Array(3 * cells.length).fill(Number.NaN)
  for (let i = 0; i < rows; i++) {
    for (const [part, row] of [i, i - 1, i + 1].entries()) {
      if (row < 0 || row >= rows) continue
      out.set(cells.subarray(row * width, (row + 1) * width), (3 * i + part) * width)
    }
  }
  return out
}

/** Every third block of `width` coordinates. */
const firstOfThree = (cells: Float64Array, width: number): Float64Array => {
  const out = new Float64Array(cells.length / 3)
  for (let from = 0; from < out.length; from += width) {
    out.set(cells.subarray(3 * from, 3 * from + width), from)
  }
  return out
}

/** Tests whether the rows are in an order that tells: a column resembles itself one row later, beyond chance. */
const areOrdered = ({ cells, rows, width }: Coordinates): boolean => {
  for (let a = 0; a < width; a++) {
    let [sum, count] = [0, 0]
    for (let i = 1; i < rows; i++) {
      const product = cells[i * width + a]! * cells[(i - 1) * width + a]!
      if (Number.isNaN(product)) continue
      sum += product
      count++
    }
    if (count > 20 && sum > 5 * Math.sqrt(count)) return true
  }
  return false
}

const meansOf = (cells: Float64Array, width: number): Float64Array => {
  const [sums, counts] = [new Float64Array(width), new Float64Array(width)]
  cells.forEach((value, at) => {
    if (Number.isNaN(value)) return
    sums[at % width]! += value
    counts[at % width]!++
  })
  return cells.map((value, at) => {
    const a = at % width
    return Number.isNaN(value) ? sums[a]! / Math.max(1, counts[a]!) : value
  })
}

/** Regression on the scale of normal scores; indicators stay as they are. */
const byScores = (
  { deviation, isIndicator, mean, width }: Coordinates,
  cells: Float64Array,
  kernels: Kernels.Kernels,
): Float64Array => {
  const rows = cells.length / width
  const column = (a: number) => Float64Array.from({ length: rows }, (_, i) => cells[i * width + a]!)
  const scores = Array.from(deviation, (_, a) =>
    isIndicator[a] === 1 ? undefined : NormalScores.scoresOf(column(a)),
  )
  const scored = cells.map((value, at) => {
    const own = scores[at % width]
    return Number.isNaN(value) || own === undefined ? value : NormalScores.scoreOf(own, value)
  })
  const filled = JointNormal.fill(scored, width, shrinkages.scores, kernels)
  void mean
  return cells.map((value, at) => {
    if (!Number.isNaN(value)) return value
    const own = scores[at % width]
    const found = filled.cells[at]!
    return own === undefined ? found : NormalScores.expected(own, found, filled.variances[at]!)
  })
}

/** The known coordinates as a table of low rank. */
const tableOf = (cells: Float64Array, width: number): Table => {
  const places = Uint32Array.from(cells.keys()).filter((at) => !Number.isNaN(cells[at]!))
  return {
    rows: cells.length / width,
    columns: width,
    rowOf: places.map((at) => Math.floor(at / width)),
    columnOf: places.map((at) => at % width),
    values: Float64Array.from(places, (at) => cells[at]!),
  }
}

type Predictor = (cells: Float64Array) => Float64Array

const predictorsOf = (
  coordinates: Coordinates,
  model: Model,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): (cells: Float64Array) => ReadonlyMap<Method, Float64Array> => {
  const { width } = coordinates
  const normal =
    (shrinkage: number): Predictor =>
    (cells) =>
      JointNormal.fill(cells, width, shrinkage, kernels).cells
  const neighbours: Predictor = (cells) =>
    firstOfThree(
      JointNormal.fill(withNeighbours(cells, width), 3 * width, shrinkages.scores, kernels).cells,
      width,
    )
  const lowRank: Predictor = (cells) => {
    const fit = fitTable(tableOf(cells, width), model, { seed, kernels })
    return cells.map((value, at) =>
      Number.isNaN(value) ? predict(fit, Math.floor(at / width), at % width) : value,
    )
  }
  const isNarrow = width <= widest
  const isOrdered = 3 * width <= widest && areOrdered(coordinates)
  return (cells) => {
    const [five, fifteen] = NearestRows.fill(cells, width, [
      { count: 5, byDistance: false },
      { count: 15, byDistance: true },
    ])
    return new Map<Method, Float64Array>([
      ["mean of the column", meansOf(cells, width)],
      ...(isNarrow
        ? ([
            ["regression on the other columns", normal(shrinkages.slight)(cells)],
            ["regression, shrunk", normal(shrinkages.firm)(cells)],
            ["regression on normal scores", byScores(coordinates, cells, kernels)],
          ] as const)
        : []),
      ...(isOrdered
        ? ([["regression with the rows before and after", neighbours(cells)]] as const)
        : []),
      ["5 nearest rows", five!],
      ["15 nearest rows by distance", fifteen!],
      ["low rank", lowRank(cells)],
    ])
  }
}

/** Level with the largest share. */
const largest = (shares: ArrayLike<number>): number => {
  let best = 0
  for (let k = 1; k < shares.length; k++) if (shares[k]! > shares[best]!) best = k
  return best
}

/** Mean of some numbers and its standard error. */
const spread = (values: Float64Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, standardError: Math.sqrt(square / Math.max(1, values.length - 1) / values.length) }
}

/**
 * Fills a table column by column. Each method predicts the cells of each fold from the others; each column is filled by the
 * combination with the least squared error there. Keys and columns without a value are left out, and a constant is itself.
 *
 * Throws InvalidInput as `completeTable`.
 */
export const imputeColumns = (
  table: Table,
  {
    folds = 10,
    kernels = Kernels.standard(),
    levels = new Map(),
    onFold,
    seed = Seed.root("imputeColumns"),
  }: Options = {},
): ImputedTable => {
  requireTable("imputeColumns", table)
  Require.count("imputeColumns", "folds", folds, 2)
  const coordinates = coordinatesOf(table, levels)
  const { cells, columns, deviation, mean, rows, width } = coordinates
  const isPredicted = columns.filter(({ count }) => count > 0).length > 1
  const known: Array<readonly [row: number, column: number]> = []
  if (isPredicted) {
    columns.forEach(({ count, values }, j) => {
      if (count > 0) values.forEach((value, i) => Number.isNaN(value) || known.push([i, j]))
    })
  }
  const used = Math.min(folds, known.length, Math.max(2, Math.ceil((folds * enough) / known.length)))
  const order = RandomStream.make(seed.child("folds")).permutation(known.length)
  const parts = Math.min(folds, known.length)
  const held: Array<{ row: number; column: number; found: ReadonlyMap<Method, Float64Array> }> = []
  let predictors: ReturnType<typeof predictorsOf> | undefined
  if (isPredicted) {
    const model = chooseModel(tableOf(cells, width), { folds, kernels, seed }).model
    predictors = predictorsOf(coordinates, model, seed, kernels)
    for (let fold = 0; fold < used; fold++) {
      const hidden = cells.slice()
      const chosen = Array.from(order).flatMap((at, place) =>
        place % parts === fold ? [known[at]!] : [],
      )
      for (const [i, j] of chosen) {
        const { count, from } = columns[j]!
        hidden.fill(Number.NaN, i * width + from, i * width + from + count)
      }
      const found = predictors(hidden)
      for (const [row, column] of chosen) {
        const { count, from } = columns[column]!
        const at = row * width + from
        held.push({
          row,
          column,
          found: new Map([...found].map(([method, all]) => [method, all.slice(at, at + count)])),
        })
      }
      onFold?.(fold + 1, used + 1)
    }
  }
  const whole = predictors?.(cells) ?? new Map<Method, Float64Array>()
  const names = [...whole.keys()]
  const scale = ({ count, from }: (typeof columns)[number]) =>
    deviation.subarray(from, from + count)
  /** Errors of each method on the held-out cells of a column: in standard deviations, or in probabilities. */
  const errors = columns.map((column, j) => {
    const own = held.filter((cell) => cell.column === j)
    const units = column.kind === "category" ? scale(column) : Float64Array.of(1)
    return names.map((name) =>
      Float64Array.from(
        own.flatMap(({ found, row }) =>
          Array.from(
            found.get(name)!,
            (value, a) => (value - cells[row * width + column.from + a]!) * units[a]!,
          ),
        ),
      ),
    )
  })
  const products = errors.map(Combination.productsOf)
  const counts = columns.map((_, j) => held.filter(({ column }) => column === j).length)
  const shared = new Float64Array(names.length ** 2)
  products.forEach((own, j) => {
    const whole = own[0]!
    if (counts[j]! > 0 && whole > 0) own.forEach((value, k) => (shared[k]! += value / whole))
  })
  const predicted = columns.filter((_, j) => counts[j]! > 0).length
  const combine = (j: number): Float64Array => {
    const [own, count] = [products[j]!, counts[j]!]
    const unit = own[0]! / Math.max(1, count)
    const blended = own.map((value, k) => value + (together * unit * shared[k]!) / predicted)
    const best = Combination.weightsOf(blended, names.length)
    const least = Combination.squaredError(blended, best)
    const alone = names.map((_, k) => blended[k * names.length + k]!)
    const k = alone.indexOf(Math.min(...alone))
    return alone[k]! <= single * least
      ? Float64Array.from(names, (_, other) => Number(other === k))
      : best
  }
  const filled = new Float64Array(rows * columns.length)
  const relative = { combined: 0, lowRank: 0 }
  const results = columns.map((column, j): ImputedColumn => {
    const { count, from, kind, values } = column
    const put = (value: (row: number) => number) => {
      for (let i = 0; i < rows; i++) {
        filled[i * columns.length + j] = Number.isNaN(values[i]!) ? value(i) : values[i]!
      }
    }
    if (kind === "constant") {
      const value = values.find((each) => !Number.isNaN(each))!
      put(() => value)
    } else if (kind === "key") {
      const rule = levels.has(j) ? undefined : progressionOf(values)
      put((i) => (rule === undefined ? Number.NaN : rule.start + rule.step * i))
    } else if (kind === "empty") put(() => Number.NaN)
    if (count === 0) return { kind, by: [], heldOut: 0 }
    const weights = counts[j]! > 0 ? combine(j) : Float64Array.from(names, (_, k) => Number(k === 0))
    if (names.length === 0) {
      // nothing beside the column to learn from
      put(() => (kind === "number" ? mean[from]! : largest(mean.subarray(from, from + count))))
      return { kind, by: [{ method: "mean of the column", weight: 1 }], heldOut: 0 }
    }
    const at = (a: number, of: (name: Method) => number) => {
      const value = names.reduce((sum, name, k) => sum + weights[k]! * of(name), 0)
      return value * deviation[from + a]! + mean[from + a]!
    }
    const decided = (of: (name: Method, a: number) => number): number =>
      kind === "number"
        ? at(0, (name) => of(name, 0))
        : largest(Array.from({ length: count }, (_, a) => at(a, (name) => of(name, a))))
    put((i) => decided((name, a) => whole.get(name)![i * width + from + a]!))
    const own = held.filter((cell) => cell.column === j)
    const loss = (value: number, row: number) =>
      kind === "number" ? (value - values[row]!) ** 2 : Number(value !== values[row]!)
    const losses = Float64Array.from(own, ({ found, row }) =>
      loss(decided((name, a) => found.get(name)![a]!), row),
    )
    const common = largest(mean.subarray(from, from + count))
    const ofMean = Float64Array.from(own, ({ found, row }) =>
      loss(
        kind === "number"
          ? found.get("mean of the column")![0]! * deviation[from]! + mean[from]!
          : common,
        row,
      ),
    )
    if (own.length > 0) {
      const low = names.indexOf("low rank")
      relative.combined += Combination.squaredError(products[j]!, weights) / products[j]![0]! / predicted
      relative.lowRank += products[j]![low * names.length + low]! / products[j]![0]! / predicted
    }
    const { mean: loss1, standardError } = spread(losses)
    const root = (x: number) => (kind === "number" ? Math.sqrt(x) : x)
    const error = root(loss1)
    return {
      kind,
      by: names.flatMap((method, k) =>
        weights[k]! > 0.005 ? [{ method, weight: weights[k]! }] : [],
      ),
      ...(own.length > 0 && {
        error,
        standardError:
          kind === "number" && error > 0 ? standardError / (2 * error) : standardError,
        meanError: root(spread(ofMean).mean),
      }),
      heldOut: own.length,
    }
  })
  return { columns: results, filled, relative, folds: used }
}
