import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Workspace } from "@nonconvex/numerics/Arena"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type { Game } from "@nonconvex/problems/Game"
import type { Objective } from "@nonconvex/problems/Objective"

/**
 * A monotone operator on a convex set, by way of an oracle: what minimisation (the gradient) and convex-concave games
 * `(grad_x f, -grad_y f)` have in common.
 */
export interface Problem {
  readonly name: string
  /** Coordinates of the player that minimises, and of the one that maximises (0 in minimisation). */
  readonly dimensions: readonly [min: number, max: number]
  /** The set of all points z = (x, y). */
  readonly feasible: FeasibleSet.FeasibleSet
  /** Lipschitz constant of the exact operator. */
  readonly smoothness: number
  /** What the oracle promises: |computed - exact| at every point that a method visits. */
  readonly error: number
  /** Writes what the oracle answers at z into `out`. Keeps neither array. */
  readonly operator: (z: Float64Array, out: Float64Array) => void
  /** The duality gap at z where it has a closed form. */
  readonly gap?: (z: Float64Array) => number
  /**
   * Where methods keep the vectors that the oracle reads and writes, in ordinary memory where it is absent: kernels take those of
   * their own arena without a copy. Whoever gives it releases what was taken.
   */
  readonly workspace?: Pick<Workspace, "f64">
}

/** Coordinates of a point. */
export const sizeOf = ({ dimensions: [min, max] }: Problem): number => min + max

/** Zeros for a point or an answer. */
export const vectorOf = (problem: Problem): Float64Array => {
  const size = sizeOf(problem)
  return problem.workspace?.f64(size) ?? new Float64Array(size)
}

/** The feasible point next to `start`, in a vector of its own. Throws InvalidInput on a wrong length and on numbers not finite. */
export const startAt = (operation: string, problem: Problem, start: Float64Array): Float64Array => {
  const size = sizeOf(problem)
  Require.vector(operation, "start", start, size)
  const point = vectorOf(problem)
  point.set(start)
  problem.feasible.project(point, 0, size)
  return point
}

/**
 * Minimisation of an objective over a set, the whole space by default; `smoothness` is that of its constants by default.
 *
 * `error` is what its gradient may be off, 0 where it is not given. Throws InvalidInput where the smoothness is not known.
 */
export const minimisation = (
  objective: Pick<Objective, "name" | "dimension" | "constants" | "valueAndGradient">,
  options: {
    readonly feasible?: FeasibleSet.FeasibleSet
    readonly smoothness?: number
    readonly error?: number
    readonly workspace?: Problem["workspace"]
  } = {},
): Problem => {
  const { error = 0, feasible = FeasibleSet.wholeSpace, workspace } = options
  const smoothness =
    options.smoothness ??
    objective.constants.smoothness?.value ??
    invalid("minimisation", "the objective has no known smoothness; give one", {
      smoothness: Number.NaN,
    })
  Require.positive("minimisation", "smoothness", smoothness)
  Require.nonNegative("minimisation", "error", error)
  return {
    name: objective.name,
    dimensions: [objective.dimension, 0],
    feasible,
    smoothness,
    error,
    operator: (x, out) => void objective.valueAndGradient(x, out),
    ...(workspace !== undefined && { workspace }),
  }
}

/**
 * A convex-concave game. Its error is the bound on the rounding of its operator, unless `error` says otherwise; a set without
 * bound has none, and needs it.
 */
export const saddlePoint = (game: Game, options: { readonly error?: number } = {}): Problem => {
  const { error = game.roundoff } = options
  Require.nonNegative("saddlePoint", "error", error)
  return {
    name: game.name,
    dimensions: game.dimensions,
    feasible: game.feasible,
    smoothness: game.smoothness,
    error,
    operator: (z, out) => game.operator(z, out),
    ...(game.dualityGap !== undefined && { gap: game.dualityGap }),
  }
}

/**
 * The problem with `strength |x - x_0|^2 / 2` added for the player that minimises and taken off for the other: strongly
 * monotone, with the same oracle error, and solved by one point that depends on the centre without expansion (Zhang et al. 2023,
 * Lemma 3.2).
 */
export const regularised = (problem: Problem, strength: number, center: Float64Array): Problem => {
  const { dimensions, error, feasible, name, operator, smoothness, workspace } = problem
  const size = sizeOf(problem)
  const at = center.slice()
  return {
    name: `${name}, regularised`,
    dimensions,
    feasible,
    smoothness: smoothness + strength,
    error,
    operator: (z, out) => {
      operator(z, out)
      for (let i = 0; i < size; i++) out[i] = out[i]! + strength * (z[i]! - at[i]!)
    },
    ...(workspace !== undefined && { workspace }),
  }
}
