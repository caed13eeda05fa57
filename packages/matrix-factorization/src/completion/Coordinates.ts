/** Columns in common units: a number as one standardised coordinate, a category as one for each level. */
import * as Standardisation from "@nonconvex/numerics/Standardisation"
import { type ColumnKind, columnsOf, kindOf, type Levels } from "./ColumnKinds.ts"
import type { Table } from "./Table.ts"

/** Columns of a table with their coordinates. */
export interface Coordinates {
  readonly rows: number
  /** Coordinates of a row. */
  readonly width: number
  /** rows x width, row-major; NaN where the cell is missing. */
  readonly cells: Float64Array
  readonly columns: ReadonlyArray<{
    readonly kind: ColumnKind
    readonly values: Float64Array
    /** Its first coordinate, and their number: 0 for a column that is left out. */
    readonly from: number
    readonly count: number
  }>
  /** Mean and standard deviation behind each coordinate. */
  readonly mean: Float64Array
  readonly deviation: Float64Array
  /** 1 for coordinates of a category. */
  readonly isIndicator: Uint8Array
}

/** Mean and deviation of the values that are known; 0 and 1 if there is none. */
const momentsOf = (values: Float64Array): readonly [mean: number, deviation: number] => {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return [0, 1]
  const { scale, shift } = Standardisation.of(known)
  return [shift, scale]
}

/** The coordinates of a table. */
export const coordinatesOf = (table: Table, levels: Levels): Coordinates => {
  const { rows } = table
  const parts: Array<Float64Array> = []
  const indicators: Array<number> = []
  const columns = columnsOf(table).map((values, j) => {
    const kind = kindOf(values, levels.get(j))
    const from = parts.length
    if (kind === "number") {
      parts.push(values)
      indicators.push(0)
    } else if (kind === "category") {
      for (let level = 0; level < levels.get(j)!; level++) {
        parts.push(values.map((value) => (Number.isNaN(value) ? value : Number(value === level))))
        indicators.push(1)
      }
    }
    return { kind, values, from, count: parts.length - from }
  })
  const width = parts.length
  const cells = new Float64Array(rows * width)
  const [mean, deviation] = [new Float64Array(width), new Float64Array(width)]
  parts.forEach((part, a) => {
    ;[mean[a], deviation[a]] = momentsOf(part) as [number, number]
    for (let i = 0; i < rows; i++) cells[i * width + a] = (part[i]! - mean[a]) / deviation[a]
  })
  return { rows, width, cells, columns, mean, deviation, isIndicator: Uint8Array.from(indicators) }
}

/** Largest ratio of the spreads of two columns, and of their distance to the larger spread, in a table of one scale. */
const alike = 10

/**
 * Tests whether the columns of a table may have one unit: their values spread and lie within a factor of ten.
 *
 * @internal
 */
export const hasOneScale = (table: Table): boolean => {
  const moments = columnsOf(table).flatMap((values) => {
    const [mean, deviation] = momentsOf(values)
    const isConstant = values.every((value) => Number.isNaN(value) || value === mean)
    return isConstant ? [] : [{ mean, deviation }]
  })
  const deviations = moments.map(({ deviation }) => deviation)
  const means = moments.map(({ mean }) => mean)
  const largest = Math.max(...deviations)
  return (
    largest <= alike * Math.min(...deviations) &&
    Math.max(...means) - Math.min(...means) <= alike * largest
  )
}
