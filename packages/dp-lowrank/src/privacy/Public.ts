/**
 * Public numbers: bound, centre, scales, row count, and the ranges, edges and categories of columns.
 *
 * A bound, centre, range or scale computed from the data breaks the guarantee, so a release accepts branded values only. This package does
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

/** The interval to which a column is clipped, chosen without looking at the data. */
export type Range = Brand.Branded<
  { readonly lower: number; readonly upper: number },
  "nonconvex/PublicRange"
>

/** Increasing numbers that divide a column into bins, chosen without looking at the data. */
export type Edges = Brand.Branded<ReadonlyArray<number>, "nonconvex/PublicEdges">

/** Distinct values of a column that are counted, chosen without looking at the data. */
export type Categories = Brand.Branded<ReadonlyArray<string>, "nonconvex/PublicCategories">

const makeBound = Brand.nominal<Bound>()
const makeCentre = Brand.nominal<Centre>()
const makeScale = Brand.nominal<Scale>()
const makeRowCount = Brand.nominal<RowCount>()
const makeRange = Brand.nominal<Range>()
const makeEdges = Brand.nominal<Edges>()
const makeCategories = Brand.nominal<Categories>()

/** Largest number of bins and categories of a column. */
export const mostClasses = 10_000

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

/** Requires numbers up to 1e150 that increase; their differences are finite then. */
const requireIncreasing = (operation: string, values: ReadonlyArray<number>): void =>
  values.forEach((value, index) => {
    if (!(Math.abs(value) <= 1e150) || (index > 0 && !(value > values[index - 1]!))) {
      const requirement = "the numbers must increase, and be finite and at most 1e150"
      invalid(operation, requirement, { index, value })
    }
  })

/**
 * Declares the range of a column public. Smallest and largest value of the rows are private, and no range. Throws InvalidInput
 * unless lower < upper, both finite and at most 1e150.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Public } from "@nonconvex/dp-lowrank"
 *
 * const range = Public.range(0, 120) // ages
 * range // => { lower: 0, upper: 120 }
 * ```
 */
export const range = (lower: number, upper: number): Range => {
  requireIncreasing("Public.range", [lower, upper])
  return makeRange({ lower, upper })
}

/**
 * Declares edges of bins public; the array is copied. Throws InvalidInput unless there are 2 to 10,000 that increase.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Public } from "@nonconvex/dp-lowrank"
 *
 * const edges = Public.edges([0, 18, 65]) // children, and adults below 65
 * edges // => [0, 18, 65]
 * ```
 */
export const edges = (values: ReadonlyArray<number>): Edges => {
  Require.count("Public.edges", "the number of edges", values.length, 2, mostClasses)
  requireIncreasing("Public.edges", values)
  return makeEdges([...values])
}

/**
 * Declares categories public; the array is copied. The values that occur in the rows are private, and no categories: one that a
 * single person has would reveal that person. Throws InvalidInput unless there are 1 to 10,000 that differ.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Public } from "@nonconvex/dp-lowrank"
 *
 * const categories = Public.categories(["yes", "no"])
 * categories // => ["yes", "no"]
 * ```
 */
export const categories = (values: ReadonlyArray<string>): Categories => {
  Require.count("Public.categories", "the number of categories", values.length, 1, mostClasses)
  const distinct = new Set(values).size
  if (distinct < values.length) {
    const requirement = "the categories must differ"
    invalid("Public.categories", requirement, { categories: values.length, distinct })
  }
  return makeCategories([...values])
}
