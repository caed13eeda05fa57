/** Problems with two adversarial starts or oracles each; a deviation is the largest over them. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { bilinearGame } from "@nonconvex/problems/BilinearGame"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { type Problem, saddlePoint } from "../../problem/Problem.ts"
import { above, adversary, derivative } from "./PiecewiseLinear.ts"

/** Problem with two starts or two oracles, chosen by an adversary. */
interface Pair {
  readonly problems: readonly [Problem, Problem]
  readonly starts: readonly [Float64Array, Float64Array]
  readonly gap: (point: Float64Array) => number
  /** D: of the start from the minimiser, or the diameter of each player's set. */
  readonly distance: number
}

interface Options {
  readonly differ: "start" | "gradient"
  /** Distance of the starts, or error of the gradients; the smoothness is 1. */
  readonly delta: number
  /** Coordinates in addition to the adversary's, or for each player. */
  readonly dimension: number
  readonly seed: Seed.Seed
}

/**
 * One coordinate constructed by an adversary of AGD for `l D^2 / eps = ratio`, a flat one, and a quadratic of condition 1e6
 * in the others.
 */
export const againstAcceleration = ({
  delta,
  differ,
  dimension,
  ratio,
  seed,
}: Options & { readonly ratio: number }): ReadonlyArray<Pair> => {
  const stream = RandomStream.make(seed.child("quadratic"))
  const spectrum = Array.from({ length: dimension }, (_, k) =>
    k === 0 ? 0 : Elementary.exp(-13.8 * stream.uniform()),
  )
  const start = new Float64Array(dimension + 1)
  start.set(stream.normals(dimension), 1)
  // the start is no solution, and AGD is still on the straight stretch after the steps that it needs for any function
  const stretch = 0.4 * ratio
  const { f, minimiser } = adversary(delta, {
    stretch,
    differ: differ === "start" ? "start" : "answer",
  })
  const exact: Problem = {
    name: "adversarial",
    dimensions: [dimension + 1, 0],
    feasible: FeasibleSet.wholeSpace,
    smoothness: 1,
    error: 0,
    operator: (x, out) => {
      out[0] = derivative(f, x[0]!)
      for (let i = 0; i < dimension; i++) out[i + 1] = spectrum[i]! * x[i + 1]!
    },
  }
  const gap = (x: Float64Array) =>
    spectrum.reduce(
      (sum, s, i) => sum + (s * (x[i + 1]! * x[i + 1]!)) / 2,
      above(f, x[0]!, minimiser),
    )
  const away = start.slice()
  away[0] = minimiser
  const distance = Vector.norm(away)
  if (differ === "start") {
    return [0, 1].map((coordinate) => {
      const other = start.slice()
      other[coordinate] = other[coordinate]! + delta
      return { problems: [exact, exact], starts: [start, other], gap, distance }
    })
  }
  const atStart =
    (sign: number): ErrorStrategy.ErrorStrategy =>
    (z, _, error) => {
      error.fill(0)
      error[0] = z[0] === 0 ? sign : 0
    }
  const alongFlat = (sign: number) => {
    const direction = new Float64Array(dimension + 1)
    direction[1] = sign
    return ErrorStrategy.constant(direction)
  }
  return [atStart, alongFlat].map((strategy) => ({
    problems: [inexact(exact, strategy(1), delta), inexact(exact, strategy(-1), delta)],
    starts: [start, start],
    gap,
    distance,
  }))
}

/** Bilinear game on two balls, with singular values from 1 to 1e-3 and one of 0. */
export const bilinear = (
  { delta, differ, dimension, seed }: Options,
  kernels: Kernels,
): ReadonlyArray<Pair> => {
  const stream = RandomStream.make(seed.child("game"))
  const matrix = new Float64Array(dimension * dimension)
  for (let k = 0; k < dimension - 1; k++) {
    matrix[k * dimension + k] = k === 0 ? 1 : Elementary.exp(-6.9 * stream.uniform())
  }
  const game = bilinearGame({ matrix, columns: dimension, feasible: FeasibleSet.ball(1), kernels })
  const exact = saddlePoint(game, { error: 0 })
  const start = stream.normals(2 * dimension)
  game.project(start)
  const flat = new Float64Array(2 * dimension)
  flat[dimension - 1] = flat[2 * dimension - 1] = Math.SQRT1_2
  // each player's set has the diameter 2
  const rest = { gap: game.dualityGap, distance: 2 }
  if (differ === "start") {
    const [one, other] = [1, -1].map((sign) => {
      const moved = start.map((x, i) => x + (sign * delta * flat[i]!) / 2)
      game.project(moved)
      return moved
    })
    return [{ problems: [exact, exact], starts: [one!, other!], ...rest }]
  }
  const origin = new Float64Array(2 * dimension)
  const strategies = [
    (sign: 1 | -1) => ErrorStrategy.constant(flat.map((x) => sign * x)),
    (sign: 1 | -1) => ErrorStrategy.radial(origin, sign),
  ]
  return strategies.map((strategy) => ({
    problems: [inexact(exact, strategy(1), delta), inexact(exact, strategy(-1), delta)],
    starts: [start, start],
    ...rest,
  }))
}
