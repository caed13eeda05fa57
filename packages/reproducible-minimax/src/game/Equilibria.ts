/** Matrix games solved to the last digits: the unique equilibrium if there is one, otherwise the regularised point. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { deviationOf, type Published, publishExactly } from "../solve/DitheredRounding.ts"
import * as CentralPath from "./CentralPath.ts"
import { only, type Pair } from "./Equilibrium.ts"
import * as InteriorPoint from "./InteriorPoint.ts"
import * as Payoffs from "./Payoffs.ts"
import { polish } from "./RegularisedPoint.ts"

/** The column player minimises and pays the row player. Points hold the columns, then the rows. */
export interface GameAnswer {
  /**
   * Common target of all machines. `equilibrium` is the unique one, with a proof that holds in this run's arithmetic.
   * `regularised` is for games that may have several equilibria. It is the unique solution of the game with `strength` times
   * half the squared distance from uniform play, added for one player and subtracted for the other.
   */
  readonly target: "equilibrium" | "regularised"
  readonly strength: number
  readonly certified: {
    readonly point: Float64Array
    readonly gap: number
    /** Proved bound on the distance to the target, including the rounding of this run. */
    readonly distance: number
    /** Upper bound on the distance of the answers of two certified runs. */
    readonly deviation: number
    readonly steps: number
  }
  readonly published: Published
  /** Gap that is always achieved: 1e-5 of the largest difference of payoffs, or of their size if all are equal. */
  readonly wanted: number
  /** Duality gap of the published point, with bounds on the value of the game. */
  readonly gap: number
  readonly value: { readonly least: number; readonly most: number }
}

/** Bytes of kernel memory that a solve takes. */
export const bytesOf = (rows: number, columns: number): number => {
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)]
  const state = InteriorPoint.room(long, short)
  const part = Math.max(5 * Elementary.square(short + 1), long * short + state)
  return 8 * (long * short + part + Math.max(state, (long + 2) * (short + 16)))
}

/** Distances below this one are rounding. */
const exact = 2 ** -44
/** Midpoint of the range of the entries. */
const middle = 1.5
/**
 * Strengths relative to the entries. The first costs a gap of at most `2^-19` of the payoffs; the others are for cases in
 * which rounding makes it too small.
 */
const strengths = [2 ** -20, 2 ** -14, 2 ** -8]
/** Slack in bounds on the value for the rounding of a linear program. */
const leastWidth = 2 ** -34

interface Solved extends Pair {
  readonly target: GameAnswer["target"]
  readonly strength: number
  readonly steps: number
}

/** Uniform strategies, for equal payoffs. */
const anything = ({ columns, rows }: CentralPath.Oriented): Solved => ({
  min: new Float64Array(rows).fill(1 / rows),
  max: new Float64Array(columns).fill(1 / columns),
  distance: 2 ** -53,
  ...(rows === 1 && columns === 1
    ? { target: "equilibrium", strength: 0 }
    : { target: "regularised", strength: strengths[0]! }),
  steps: 0,
})

/** A point of the game with `by` taken off every payoff. */
const lowered = ({ max, min }: InteriorPoint.Start, by: number): InteriorPoint.Start => ({
  min: { ...min, level: min.level - by },
  max: { ...max, level: max.level - by },
})

/**
 * Finds the unique equilibrium and proves it; otherwise falls back on regularisation, from a point before the end of the
 * path. If a late iterate does not determine the support, exchanges do. A unique equilibrium that is too close to others to
 * be detected on every machine is near the regularised point.
 */
const aim = (game: CentralPath.Oriented, report: CentralPath.Report): Solved => {
  const first = CentralPath.approach(game, report)
  let { steps } = first
  let pair = first.pair ?? only(game, CentralPath.exchanged(game, first.played))
  const isNear = pair !== undefined
  if (pair === undefined && !first.isOver) {
    const rest = CentralPath.approach({ ...game, from: first.last }, (progress) => {
      report({ ...progress, steps: first.steps + progress.steps })
    })
    steps += rest.steps
    pair = rest.pair
  }
  if (pair?.isDistinct === true) return { ...pair, target: "equilibrium", strength: 0, steps }
  // about 0 the system is better conditioned; without regularisation it could be singular there
  for (let k = 0; k < game.matrix.length; k++) game.matrix[k]! -= middle
  const from = (start: InteriorPoint.Start | undefined) => ({
    ...game,
    from: start && lowered(start, middle),
  })
  let near = isNear
    ? regularised(from(first.last), steps, report, strengths.slice(0, 1))
    : undefined
  if (near === undefined || near.distance >= exact) {
    near = regularised(from(first.early), near?.steps ?? steps, report, strengths)
  }
  for (let k = 0; k < game.matrix.length; k++) game.matrix[k]! += middle
  return near
}

/** Uses the first of the strengths whose point is found to the last digits, otherwise the last one. */
const regularised = (
  game: CentralPath.Oriented & { readonly from: InteriorPoint.Start | undefined },
  before: number,
  report: CentralPath.Report,
  [strength, ...more]: ReadonlyArray<number>,
): Solved => {
  const isSettled = CentralPath.settling()
  const found = CentralPath.run(
    { ...game, strength: strength!, last: CentralPath.end * CentralPath.end },
    ({ gap, steps }) => report({ steps: before + steps, gap, target: CentralPath.end }),
    (state, isOver) => {
      const hasSettled = isSettled(CentralPath.playedIn(state))
      if (!isOver && (state.gap > CentralPath.end || !hasSettled)) return undefined
      const pair = polish(state)
      const steps = before + state.steps
      return isOver || pair.distance < exact ? { ...pair, steps } : undefined
    },
  )
  return found.distance < exact || more.length === 0
    ? { ...found, target: "regularised", strength: strength! }
    : regularised(game, found.steps, report, more)
}

/**
 * Solves a matrix game of any size and scale: `payoffs` are row-major, with a column for each pure strategy of the second player, who pays.
 *
 * A proved unique equilibrium is the common target of all machines, which publish it rounded; strategies outside the support
 * have probability 0. Otherwise the target is the regularised point, whose gap is at most a few millionths of the largest
 * difference of payoffs. Neither changes if a constant is added to the payoffs. `failure`, by default 1e-3, is the largest
 * probability over the seed that two certified runs publish different bits. Uses an interior point method: about twenty
 * steps with one factorisation each. Derived here.
 *
 * Throws InvalidInput on wrong lengths, on numbers that are not finite and on a failure outside (0, 1); ArenaFull without enough memory.
 *
 * @example
 * ```ts import.meta.vitest
 * import { equilibrium } from "@nonconvex/reproducible-minimax"
 * import { Seed } from "@nonconvex/numerics"
 *
 * // the first player shows 1 or 2 fingers and wins the sum where it is even
 * const payoffs = Float64Array.of(2, -3, -3, 4)
 * const { published, target, value } = equilibrium({ payoffs, columns: 2, seed: Seed.root(1) })
 * target // => "equilibrium"
 * Array.from(published.point, (p) => p.toFixed(6)) // => ["0.583333", "0.416667", "0.583333", "0.416667"]
 * value.most.toFixed(6) // => "-0.083333"
 * ```
 */
export const equilibrium = (options: {
  readonly payoffs: Float64Array
  readonly columns: number
  readonly seed: Seed.Seed
  readonly failure?: number
  readonly kernels?: Kernels.Kernels
  readonly onStep?: CentralPath.Report
}): GameAnswer => {
  const { columns, failure = 1e-3, onStep = () => undefined, payoffs, seed } = options
  Require.count("equilibrium", "columns", columns)
  Require.typed("equilibrium", "payoffs", payoffs)
  Require.seed("equilibrium", "seed", seed)
  const rows = payoffs.length / columns
  Require.count("equilibrium", "payoffs.length / columns", rows)
  Require.fraction("equilibrium", "failure", failure)
  const scale = Payoffs.scaleOf(payoffs)
  const kernels = Kernels.withRoom(options.kernels ?? Kernels.standard(), bytesOf(rows, columns))
  return kernels.arena.scoped((workspace) => {
    const { isTurned, ...game } = CentralPath.orient(payoffs, columns, scale, {
      kernels,
      workspace,
    })
    const solved = scale.range === 0 ? anything(game) : aim(game, onStep)
    const { distance, target } = solved
    const [ofRows, ofColumns] = isTurned ? [solved.min, solved.max] : [solved.max, solved.min]
    const judged = (point: Float64Array) => {
      const [first, second] = [point.subarray(0, columns), point.subarray(columns)]
      const [min, max] = isTurned ? [second, first] : [first, second]
      const { least, most } = levels(game, min, max)
      return isTurned ? { least: 3 - most, most: 3 - least } : { least, most }
    }
    const point = new Float64Array(columns + rows)
    point.set(ofColumns)
    point.set(ofRows, columns)
    const published = publish(point, columns, {
      distance,
      failure,
      seed,
      isClear: target === "equilibrium" || isClear(game, solved),
    })
    const before = judged(point)
    const { least, most } = judged(published.point)
    const outward = (value: number, sign: 1 | -1) => value + sign * 2 ** -51 * Math.abs(value)
    return {
      target,
      strength: Payoffs.difference(solved.strength, scale),
      certified: {
        point,
        gap: Payoffs.difference(before.most - before.least, scale),
        distance,
        deviation: deviationOf(distance, 1),
        steps: solved.steps,
      },
      published,
      wanted: 1e-5 * (Payoffs.difference(scale.range, scale) || Math.abs(scale.origin) || 1),
      gap: Payoffs.difference(most - least, scale),
      value: {
        least: outward(Payoffs.payoffOf(least, scale), -1),
        most: outward(Payoffs.payoffOf(most, scale), 1),
      },
    }
  })
}

/** Outcomes of every pure strategy against the other player's strategy, with their rounding error. */
const outcomes = (
  { columns, kernels, matrix, rows }: CentralPath.Oriented,
  min: Float64Array,
  max: Float64Array,
) => {
  const [ofMin, ofMax] = [new Float64Array(rows), new Float64Array(columns)]
  kernels.gemv(false, rows, columns, 1, matrix, max, 0, ofMin)
  kernels.gemv(true, rows, columns, 1, matrix, min, 0, ofMax)
  return { ofMin, ofMax, rounding: 2 ** -50 * (rows + columns) }
}

/** Level guaranteed to the maximising player, and the most that the other pays; rounded outward. */
const levels = (game: CentralPath.Oriented, min: Float64Array, max: Float64Array) => {
  const { ofMax, ofMin, rounding } = outcomes(game, min, max)
  const most = -InteriorPoint.smallest(ofMax.map((x) => -x))
  return { least: InteriorPoint.smallest(ofMin) - rounding, most: most + rounding }
}

/** Tests whether every certified run has the same support: no strategy is nearer to its boundary than the distance allows. */
const isClear = (game: CentralPath.Oriented, { distance, max, min, strength }: Solved): boolean => {
  const { ofMax, ofMin, rounding } = outcomes(game, min, max)
  // a matrix of entries up to 2 stretches by twice the root of their number at most
  const room = 16 * Math.sqrt(game.matrix.length) * distance + 2 * rounding
  const sides = [
    [min, ofMin, 1],
    [max, ofMax, -1],
  ] as const
  return sides.every(([point, outcome, sign]) => {
    const slack = outcome.map((x, i) => sign * x + strength * (point[i]! - 1 / point.length))
    const level = InteriorPoint.smallest(slack)
    return point.every((p, i) => (p > 0 ? p > 2 * distance : slack[i]! - level > room))
  })
}

/** Rounds the support, or all strategies if it is unclear, and projects each player's part back onto the simplex. */
const publish = (
  point: Float64Array,
  columns: number,
  options: {
    readonly distance: number
    readonly failure: number
    readonly seed: Seed.Seed
    readonly isClear: boolean
  },
): Published => {
  const indices = Array.from(point.keys()).filter((i) => !options.isClear || point[i]! > 0)
  const split = indices.filter((i) => i < columns).length
  const simplex = FeasibleSet.simplex()
  const published = publishExactly(
    Float64Array.from(indices, (i) => point[i]!),
    {
      ...options,
      size: 1,
      least: leastWidth,
      settle: (rounded) => {
        simplex.project(rounded, 0, split)
        simplex.project(rounded, split, rounded.length)
      },
    },
  )
  const whole = new Float64Array(point.length)
  for (const [k, i] of indices.entries()) whole[i] = published.point[k]!
  return { ...published, point: whole }
}
