/** Tests whether the tolerances are feasible together, for this oracle and after rounding; offers achievable ones if not. */
import * as Vector from "@nonconvex/numerics/Vector"
import { widthFor } from "./DitheredRounding.ts"
import { Irreproducible, TooCoarse } from "./Failures.ts"
import { plan as choose, type Plan, type Tolerances } from "./Plan.ts"
import { answerAt, type Problem, regularised } from "../problem/Problem.ts"
import * as Theory from "../theory/Theory.ts"

/** The user's demands on the published point. */
export interface Demands extends Tolerances {
  /** Largest probability, over the seed, that two certified runs publish different bits. */
  readonly failure: number
}

/** Rounding error of the operations around the oracle in a step of length `step`: a few per number. */
const arithmetic = (whole: Problem, center: Float64Array, reach: number, step: number): number => {
  const largest = Vector.norm(answerAt(whole, center)) + 2 * whole.smoothness * reach
  return 2 ** -50 * (2 * largest + (2 * (Vector.norm(center) + reach)) / step)
}

/** The error of the oracle, and the rounding of everything else in a run of the plan. */
export const errorOf = (problem: Problem, center: Float64Array, { strength }: Plan): number => {
  const reach = problem.feasible.diameter(center.length)
  const step = (problem.dimensions[1] === 0 ? 1 : 0.5) / (problem.smoothness + strength)
  return problem.error + arithmetic(regularised(problem, strength, center), center, reach, step)
}

/** Three digits, and not less than the number. */
const roundedUp = (value: number): number => {
  const rounded = Number(value.toPrecision(3))
  return rounded >= value ? rounded : Number((1.006 * value).toPrecision(3))
}

/** Three digits, and not more than the number. */
const roundedDown = (value: number): number => {
  const rounded = Number(value.toPrecision(3))
  return rounded <= value ? rounded : Number((value / 1.006).toPrecision(3))
}

/** Judges whether this oracle meets demands, with the numbers that show it. */
const judge = (problem: Problem, start: Float64Array, demands: Demands) => {
  const { deviation, failure, gap } = demands
  const size = start.length
  const center = start.slice()
  problem.feasible.project(center, 0, size)
  const atStart = Vector.norm(answerAt(problem, center)) + problem.error
  const { feasible, smoothness } = problem
  const players = problem.dimensions[1] === 0 ? 1 : 2
  const slope = Theory.gapSlope(atStart, smoothness, feasible.reach(center, 0, size), players)
  const diameter = feasible.diameter(size)
  const chosen = choose(problem, start, demands)
  const { allowedError } = chosen
  const error = errorOf(problem, center, chosen)
  const width = widthFor(deviation, failure, size)
  const cost = slope * Math.min(diameter, Theory.publishedDistance(deviation / 2, width, size))
  return {
    allowedError,
    error,
    isExact: error <= allowedError,
    slope,
    width,
    cost,
    isProved: cost <= gap / 2,
    // worst cases add up in this bound: where the gap of what is published can be computed, only a grid as wide as the set is refused
    isFine: cost <= gap / 2 || (problem.gap !== undefined && width < diameter),
    // a grid is less than twice as wide as it must be
    exactDeviation: roundedDown(gap / slope / (1 + (2 * size) / failure)),
    // <V(z), z - z'> is at most this
    everyGap: (atStart + smoothness * diameter) * diameter,
  }
}

/** Proved bound on the gap of the published point. */
interface Outlook {
  /** At most this. */
  readonly largestGap: number
  /** Alternative deviation where the bound exceeds the request; Infinity where the oracle has none. */
  readonly instead?: number
}

/** Deviation of at most `most` that leaves enough of the gap after any rounding, for users who only need the gap. */
export const deviationFor = (
  problem: Problem,
  start: Float64Array,
  { failure, gap, most }: { readonly failure: number; readonly gap: number; readonly most: number },
): number => Math.min(most, judge(problem, start, { gap, failure, deviation: most }).exactDeviation)

/**
 * Requires that the tolerances are feasible: the oracle's error is within the plan, and rounding leaves a meaningful answer.
 * Used if the gap of the published point cannot be computed. The half of the gap left by the regularisation must then cover
 * the distance of a certificate and the worst-case rounding.
 *
 * Throws Irreproducible and TooCoarse, with values that would be achievable if one tolerance changed. Each is confirmed, and
 * none is a gap that every point has.
 */
export const requirePossible = (
  problem: Problem,
  start: Float64Array,
  demands: Demands,
): Outlook => {
  const { deviation, failure, gap } = demands
  const found = judge(problem, start, demands)
  const { allowedError, cost, error, everyGap, exactDeviation, isExact, isFine, slope, width } =
    found
  /** The value, if changing it alone suffices. */
  const confirmed = (value: number, change: (value: number) => Demands): number => {
    if (!(value > 0 && Number.isFinite(value))) return Number.POSITIVE_INFINITY
    const other = judge(problem, start, change(value))
    return other.isExact && other.isProved ? value : Number.POSITIVE_INFINITY
  }
  /**
   * Value at which the oracle is exact enough. The allowed error is proportional to gap and deviation, except where the
   * chosen algorithm changes.
   */
  const inProportion = (asked: number, change: (value: number) => Demands): number => {
    // where the tolerance itself is next to nothing, what it allows is 0
    let value = Math.max(asked, 2 ** -800)
    for (let k = 0; k < 2 && Number.isFinite(value); k++) {
      const other = judge(problem, start, change(value))
      if (!other.isExact) value = roundedUp(value * (other.error / other.allowedError))
    }
    return value
  }
  const withGap = (value: number): Demands => ({ ...demands, gap: value })
  const withDeviation = (value: number): Demands => ({ ...demands, deviation: value })
  const enough = Math.max(inProportion(gap, withGap), roundedUp(2 * cost))
  const possibleGap = enough < everyGap ? confirmed(enough, withGap) : Number.POSITIVE_INFINITY
  const small = isExact ? exactDeviation : inProportion(deviation, withDeviation)
  const possibleDeviation = confirmed(small, withDeviation)
  if (isExact && isFine) {
    return { largestGap: gap / 2 + cost, ...(!found.isProved && { instead: possibleDeviation }) }
  }
  if (!isExact) {
    const asked = { gap, deviation, error, allowed: allowedError }
    throw new Irreproducible({ ...asked, possibleGap, possibleDeviation })
  }
  const likely = roundedUp((2 * start.length * deviation) / (gap / slope - deviation))
  const withFailure = (value: number): Demands => ({ ...demands, failure: value })
  const possibleFailure = likely < 1 ? confirmed(likely, withFailure) : Number.POSITIVE_INFINITY
  const possible = { possibleGap, possibleDeviation, possibleFailure }
  throw new TooCoarse({ gap, deviation, failure, width, cost, ...possible, exactDeviation })
}
