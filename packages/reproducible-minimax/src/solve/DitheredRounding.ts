import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import type * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as Theory from "../theory/Theory.ts"

/**
 * Smallest power of two as the width of a grid, for two points of `dimension` coordinates within `deviation` of each other.
 * The grid separates them with probability at most `failure`. A power of two makes the grid exact. Derived here. Throws
 * InvalidInput unless the deviation is positive and the failure strictly between 0 and 1.
 */
export const widthFor = (deviation: number, failure: number, dimension: number): number => {
  Require.positive("widthFor", "deviation", deviation)
  Require.fraction("widthFor", "failure", failure)
  let width = 1
  while (Theory.roundingFailure(deviation, width, dimension) > failure) width *= 2
  while (Theory.roundingFailure(deviation, width / 2, dimension) <= failure && width > 2 ** -1000) {
    width /= 2
  }
  return width
}

export interface Rounded {
  readonly point: Float64Array
  /** Every point that differs by less than this in each coordinate is rounded to the same bits. */
  readonly clearance: number
}

/**
 * Rounds each coordinate to the nearest point of a grid of `width` with a random shift, which the seed determines. Two
 * points at distance rho give different bits with probability at most `sqrt(d) rho / width` over the seed. Derived here.
 * Throws InvalidInput unless the width is positive and finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { ditheredRounding } from "@nonconvex/reproducible-minimax"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const shared = { seed: Seed.root(1), width: 2 ** -10 }
 * const one = ditheredRounding(Float64Array.of(0.3, 0.7), shared)
 * const other = ditheredRounding(Float64Array.of(0.3 + 1e-9, 0.7 - 1e-9), shared)
 * one.clearance > 1e-9 // => true
 * other.point // => one.point
 * ```
 */
export const ditheredRounding = (
  point: Float64Array,
  { seed, width }: { readonly seed: Seed.Seed; readonly width: number },
): Rounded => {
  Require.positive("ditheredRounding", "width", width)
  Require.typed("ditheredRounding", "point", point)
  Require.seed("ditheredRounding", "seed", seed)
  const stream = RandomStream.make(seed.child("dither"))
  let clearance = Number.POSITIVE_INFINITY
  const rounded = point.map((x) => {
    const shift = stream.uniform() * width
    const scaled = (x + shift) / width
    const cell = Math.floor(scaled)
    const within = scaled - cell
    clearance = Math.min(clearance, Math.min(within, 1 - within) * width)
    return cell * width + 0.5 * width - shift
  })
  return { point: rounded, clearance }
}

/** A rounded answer, moved back to the feasible set: the projection of equal bits is equal bits. */
export interface Published extends Rounded {
  readonly width: number
  /** Bound on the probability, over the seed, that another certified run publishes different bits. */
  readonly failure: number
  /** True if the clearance proves that no certified run publishes different bits. */
  readonly certain: boolean
}

interface Rounding {
  readonly deviation: number
  readonly width: number
  readonly seed: Seed.Seed
}

/** Rounds an answer and moves it back by `settle`, for runs that deviate by at most `deviation`. */
const settled = (
  point: Float64Array,
  options: Rounding & { readonly settle: (rounded: Float64Array) => void },
): Published => {
  const { deviation, settle, width } = options
  const rounded = ditheredRounding(point, options)
  settle(rounded.point)
  const failure = Theory.roundingFailure(deviation, width, point.length)
  return { ...rounded, width, failure, certain: rounded.clearance > deviation }
}

/** Rounds an answer and moves it back to the feasible set, for runs that deviate by at most `deviation`. */
export const publish = (
  point: Float64Array,
  options: Rounding & { readonly feasible: FeasibleSet.FeasibleSet },
): Published =>
  settled(point, { ...options, settle: (z) => options.feasible.project(z, 0, z.length) })

/**
 * Upper bound on the distance of two certified runs: the limit of double precision with a margin, or more if this run did
 * not reach it.
 */
export const deviationOf = (distance: number, size: number): number => {
  let deviation = 2 ** -46 * size
  while (deviation < 4 * distance) deviation *= 2 ** 8
  return deviation
}

/**
 * Like `publish`, for an answer that is known to the last digits. `distance` bounds its error, `size` is a power of two
 * above all coordinates, and `settle` projects rounded coordinates back onto the set. If a run four times as exact or as
 * inexact would choose another grid, no promise is made about other runs.
 */
export const publishExactly = (
  point: Float64Array,
  options: {
    readonly distance: number
    readonly size: number
    /** Widths are at least this share of the size. */
    readonly least: number
    readonly failure: number
    readonly seed: Seed.Seed
    readonly settle: (rounded: Float64Array) => void
  },
): Published => {
  const { distance, failure, size } = options
  const deviation = deviationOf(distance, size)
  const isSettled = deviationOf(distance / 4, size) === deviationOf(4 * distance, size)
  const width = Math.max(options.least * size, widthFor(deviation, failure, point.length))
  const published = settled(point, { ...options, deviation, width })
  return isSettled ? published : { ...published, failure: 1, certain: false }
}
