import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import type * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as Theory from "../theory/index.ts"

/**
 * The smallest power of two at which two points within `deviation` are rounded apart with probability at most `failure`. A power of
 * two makes the grid exact. Throws InvalidInput unless the deviation is positive and the failure strictly between 0 and 1.
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
  /**
   * The least distance of a coordinate to where it would be rounded otherwise: every point nearer than that, in each coordinate,
   * is rounded to the same bits.
   */
  readonly clearance: number
}

/**
 * Rounds each coordinate to the nearest point of a grid of `width` that is shifted at random, the same shift for all who share the
 * seed: two points at distance rho become the same bits but with probability `sqrt(d) rho / width` over the seed. Derived here.
 *
 * Throws InvalidInput unless the width is positive and finite.
 */
export const ditheredRounding = (
  point: Float64Array,
  { seed, width }: { readonly seed: Seed.Seed; readonly width: number },
): Rounded => {
  Require.positive("ditheredRounding", "width", width)
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

/** A rounded answer on the feasible set, to be published; projection acts on equal bits and keeps them equal. */
export interface Published extends Rounded {
  readonly width: number
  /** Bound on the probability, over the seed, that another certified run publishes other bits. */
  readonly failure: number
  /** Whether the clearance proves that no certified run publishes other bits. */
  readonly certain: boolean
}

/** Rounds an answer and moves it back to the feasible set, for runs that deviate by at most `deviation`. */
export const publish = (
  point: Float64Array,
  options: {
    readonly feasible: FeasibleSet.FeasibleSet
    readonly deviation: number
    readonly width: number
    readonly seed: Seed.Seed
  },
): Published => {
  const { deviation, feasible, width } = options
  const { clearance, point: rounded } = ditheredRounding(point, options)
  feasible.project(rounded, 0, rounded.length)
  return {
    point: rounded,
    clearance,
    width,
    failure: Theory.roundingFailure(deviation, width, point.length),
    certain: clearance > deviation,
  }
}
