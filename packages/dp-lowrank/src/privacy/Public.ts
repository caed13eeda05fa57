/**
 * Public numbers: bound, centre, scales, row count and column count.
 *
 * A bound, centre or scale computed from the data breaks the guarantee, so a release accepts branded values only. This package does
 * not return numbers computed from private data, so they cannot become public values by accident. Errors that show numbers
 * (`invalid`, `Require`) are used for these values and for options, never for rows.
 */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Brand from "effect/Brand"

/** The Euclidean norm to which every row is clipped, chosen without looking at the data. */
export type Bound = Brand.Branded<number, "nonconvex/PublicBound">

/** The point that is subtracted from every row, chosen without looking at the data. */
export type Centre = Brand.Branded<Float64Array, "nonconvex/PublicCentre">

/** The numbers by which columns are divided, chosen without looking at the data. */
export type Scale = Brand.Branded<Float64Array, "nonconvex/PublicScale">

/** Public row count: by the neighbouring relation, or because it was published before. */
export type RowCount = Brand.Branded<number, "nonconvex/PublicRowCount">

const makeBound = Brand.nominal<Bound>()
const makeCentre = Brand.nominal<Centre>()
const makeScale = Brand.nominal<Scale>()
const makeRowCount = Brand.nominal<RowCount>()

/**
 * Declares a public bound: the Euclidean norm to which rows are clipped, in their units. Throws InvalidInput unless it lies
 * in [1e-100, 1e100], where no square overflows.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Public } from "@nonconvex/dp-lowrank"
 *
 * const bound = Public.bound(2.5) // known of such data before anyone looked at these
 * bound // => 2.5
 * ```
 */
export const bound = (value: number): Bound => {
  if (!(value >= 1e-100 && value <= 1e100)) {
    invalid("Public.bound", "the bound must lie between 1e-100 and 1e100", { bound: value })
  }
  return makeBound(value)
}

/**
 * Declares a centre public, one number per column; the array is copied. Throws InvalidInput on numbers that are not finite or beyond 1e150.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Public } from "@nonconvex/dp-lowrank"
 *
 * const centre = Public.centre([37, 120]) // a usual temperature and blood pressure
 * centre // => Float64Array.of(37, 120)
 * ```
 */
export const centre = (values: ArrayLike<number>): Centre => {
  const copy = Float64Array.from(values)
  copy.forEach((value, index) => {
    if (!(Math.abs(value) <= 1e150)) {
      invalid("Public.centre", "the centre must be finite and at most 1e150", { index, value })
    }
  })
  return makeCentre(copy)
}

/**
 * Declares scales public, one positive number per column; the array is copied. A standard deviation or a range of the rows is
 * private, and no scale. Throws InvalidInput on numbers outside of [1e-100, 1e100].
 *
 * @example
 * ```ts import.meta.vitest
 * import { Public } from "@nonconvex/dp-lowrank"
 *
 * const scale = Public.scale([100, 1e5]) // ages in centuries, and incomes in hundreds of thousands
 * scale // => Float64Array.of(100, 1e5)
 * ```
 */
export const scale = (values: ArrayLike<number>): Scale => {
  const copy = Float64Array.from(values)
  copy.forEach((value, index) => {
    if (!(value >= 1e-100 && value <= 1e100)) {
      invalid("Public.scale", "a scale must lie between 1e-100 and 1e100", { index, value })
    }
  })
  return makeScale(copy)
}

/**
 * Declares a count of rows public. Throws InvalidInput unless it is a positive integer.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Public } from "@nonconvex/dp-lowrank"
 *
 * const rows = Public.rowCount(1500) // published before
 * rows // => 1500
 * ```
 */
export const rowCount = (value: number): RowCount => {
  Require.count("Public.rowCount", "the count of rows", value)
  return makeRowCount(value)
}
