/** The methods by which the missing coordinates of a table are predicted from the known ones. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import type { Coordinates } from "./Coordinates.ts"
import * as JointNormal from "./JointNormal.ts"
import { fitTable } from "./MatrixCompletion.ts"
import type { Model } from "./Models.ts"
import * as NearestRows from "./NearestRows.ts"
import * as NormalScores from "./NormalScores.ts"
import type { Table } from "./Table.ts"
import { predict } from "./TableFit.ts"

/** Methods that predict a cell; each column uses a weighted mean of their predictions. */
export const methods = [
  "mean of the column",
  "regression on the other columns",
  "regression, shrunk",
  "regression on normal scores",
  "regression with the rows before and after",
  "5 nearest rows",
  "15 nearest rows by distance",
  "low rank",
  "low rank of the values as they are",
] as const
export type Method = (typeof methods)[number]

/** The method of a table of one scale that is completed as a whole. */
export const lowRankAlone = "low rank of the values as they are" satisfies Method

/** Shrinkage towards uncorrelated columns, in rows: slight, firm, and that of normal scores. */
const shrinkages = { slight: 0.1, firm: 5, scores: 1 }

/** Coordinates of a row above which regressions on all of them take too long. */
const widest = 150

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
  { deviation, isIndicator, width }: Coordinates,
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
  const filled = JointNormal.expected(scored, width, shrinkages.scores, kernels)
  return cells.map((value, at) => {
    if (!Number.isNaN(value)) return value
    const own = scores[at % width]
    const found = filled.cells[at]!
    return own === undefined ? found : NormalScores.expected(own, found, filled.variances[at]!)
  })
}

/** The known coordinates as a table of low rank. */
export const tableOf = (cells: Float64Array, width: number): Table => {
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

/** Models of low rank: of the coordinates, and of the values as they are where the table has one scale. */
export interface LowRank {
  readonly ofCoordinates: Model
  readonly ofValues: Model | undefined
}

/** All methods that suit a table, each of which fills its coordinates from those that are known. */
export const predictorOf = (
  coordinates: Coordinates,
  models: LowRank,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): ((cells: Float64Array) => ReadonlyMap<Method, Float64Array>) => {
  const { deviation, mean, width } = coordinates
  const normal =
    (shrinkage: number): Predictor =>
    (cells) =>
      JointNormal.expected(cells, width, shrinkage, kernels).cells
  const neighbours: Predictor = (cells) =>
    firstOfThree(
      JointNormal.expected(withNeighbours(cells, width), 3 * width, shrinkages.scores, kernels)
        .cells,
      width,
    )
  const lowRank =
    (model: Model): Predictor =>
    (cells) => {
      const fit = fitTable(tableOf(cells, width), model, { seed, kernels })
      return cells.map((value, at) =>
        Number.isNaN(value) ? predict(fit, Math.floor(at / width), at % width) : value,
      )
    }
  const lowRankOfValues =
    (model: Model): Predictor =>
    (cells) => {
      const values = cells.map((value, at) => value * deviation[at % width]! + mean[at % width]!)
      return lowRank(model)(values).map(
        (value, at) => (value - mean[at % width]!) / deviation[at % width]!,
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
      ["low rank", lowRank(models.ofCoordinates)(cells)],
      ...(models.ofValues === undefined
        ? []
        : ([[lowRankAlone, lowRankOfValues(models.ofValues)(cells)]] as const)),
    ])
  }
}
