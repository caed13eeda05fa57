import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Workspace } from "@nonconvex/numerics/Workspace"
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type { BilinearForm, Game } from "@nonconvex/problems/Game"
import type { Objective } from "@nonconvex/problems/Objective"

/**
 * A monotone operator on a convex set, given by an oracle: the gradient in minimisation, `(grad_x f, -grad_y f)` in convex-concave games.
 */
export interface Problem {
  readonly name: string
  /** Coordinates of the player that minimises, and of the one that maximises (0 in minimisation). */
  readonly dimensions: readonly [min: number, max: number]
  /** The set of all points z = (x, y). */
  readonly feasible: FeasibleSet.FeasibleSet
  /** Lipschitz constant of the exact operator. */
  readonly smoothness: number
  /** Error bound of the oracle: |computed - exact| at every point that a method visits. */
  readonly error: number
  /** Writes the oracle's answer at z into `out`. Keeps neither array. */
  readonly operator: (z: Float64Array, out: Float64Array) => void
  /** Duality gap at z, or objective minus its minimum. Absent if it has no closed form. */
  readonly gap?: (z: Float64Array) => number
  /** Streams from which the oracle draws, if any; the states of methods contain them too. */
  readonly streams?: ReadonlyArray<RandomStream.RandomStream>
  /**
   * Memory of the vectors that the oracle reads and writes; default ordinary memory. Kernels use vectors of their own arena without a copy.
   * The owner of a workspace releases its contents.
   */
  readonly workspace?: Pick<Workspace, "f64">
  /**
   * The oracle as data, for twins of methods. A problem with another `operator` must drop it: `{ ...problem, operator, form:
   * undefined }`.
   */
  readonly form?: OracleForm | undefined
}

/** The oracle of a bilinear game: errors are added to its exact answer, and then a pull towards a center. */
export interface OracleForm {
  readonly game: BilinearForm
  /** The same at each query, or fresh numbers of a stream. */
  readonly errors?:
    | { readonly kind: "constant"; readonly error: Float64Array }
    | {
        readonly kind: "normal"
        readonly stream: RandomStream.RandomStream
        readonly deviation: number
      }
  readonly pull?: { readonly strength: number; readonly center: Float64Array }
}

/** Coordinates of a point. */
export const sizeOf = ({ dimensions: [min, max] }: Problem): number => min + max

/** Zeros for a point or an answer. */
export const vectorOf = (problem: Problem): Float64Array => {
  const size = sizeOf(problem)
  return problem.workspace?.f64(size) ?? new Float64Array(size)
}

/** The feasible point nearest to `start`, in a new vector. Throws InvalidInput on a wrong length and on numbers not finite. */
export const startAt = (operation: string, problem: Problem, start: Float64Array): Float64Array => {
  const size = sizeOf(problem)
  Require.vector(operation, "start", start, size)
  const point = vectorOf(problem)
  point.set(start)
  problem.feasible.project(point, 0, size)
  return point
}

/**
 * Minimisation of an objective over a set, with the gradient as its operator.
 *
 * `feasible` is the set, by default the whole space. `smoothness` is the Lipschitz constant of the gradient, by default that
 * of the objective's constants. `error` is a bound on the norm of the error of a computed gradient, default 0. `workspace`
 * is the memory for the vectors of methods. Throws InvalidInput if the smoothness is unknown or not positive, and if an
 * error is negative.
 *
 * @example
 * ```ts import.meta.vitest
 * import { accelerated, minimisation } from "@nonconvex/reproducible-minimax"
 * import { quadratic } from "@nonconvex/problems"
 *
 * const objective = quadratic({ spectrum: [0.1, 1], minimiser: Float64Array.of(2, 3) })
 * const method = accelerated({ smoothness: 1 })
 * const state = method.init(minimisation(objective), Float64Array.of(0, 0))
 * for (let t = 0; t < 300; t++) method.step(state)
 * Array.from(state.point, (x) => Number(x.toFixed(3))) // => [2, 3]
 * ```
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
    objective.constants?.smoothness?.value ??
    invalid("minimisation", "the objective has no known smoothness; give one", {
      smoothness: Number.NaN,
    })
  Require.positive("minimisation", "smoothness", smoothness)
  Require.nonNegative("minimisation", "error", error)
  return {
    name: objective.name ?? "minimisation",
    dimensions: [objective.dimension, 0],
    feasible,
    smoothness,
    error,
    operator: (x, out) => void objective.valueAndGradient(x, out),
    ...(workspace !== undefined && { workspace }),
  }
}

/**
 * A convex-concave game, with `(grad_x f, -grad_y f)` as its operator.
 *
 * `smoothness` is the Lipschitz constant of the operator, by default that of the game. `error` is a bound on the norm of the
 * error of a computed answer. Its default is the game's own bound on its rounding, which is Infinity on an unbounded set. Throws
 * InvalidInput on an error that is negative or not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { saddlePoint, solve } from "@nonconvex/reproducible-minimax"
 * import { matrixGame } from "@nonconvex/problems"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const game = matrixGame({ matrix: Float64Array.of(1, -1, -1, 1), columns: 2 })
 * const start = new Float64Array(4).fill(0.5)
 * const tolerances = { gap: 0.1, deviation: 1e-7, failure: 0.01, seed: Seed.root(1) }
 * const { certified } = solve(saddlePoint(game), start, tolerances)
 * Array.from(certified.point) // => [0.5, 0.5, 0.5, 0.5]
 * ```
 */
export const saddlePoint = (
  game: Game,
  options: { readonly smoothness?: number; readonly error?: number } = {},
): Problem => {
  const { error = game.roundoff, smoothness = game.smoothness } = options
  Require.nonNegative("saddlePoint", "error", error)
  return {
    name: game.name,
    dimensions: game.dimensions,
    feasible: game.feasible,
    smoothness,
    error,
    operator: (z, out) => game.operator(z, out),
    form: game.bilinear && { game: game.bilinear },
    ...(game.dualityGap !== undefined && { gap: game.dualityGap }),
  }
}

/** Answer of the oracle at z, in a new array. */
export const answerAt = (problem: Problem, z: Float64Array): Float64Array => {
  const answer = new Float64Array(z.length)
  problem.operator(z, answer)
  return answer
}

/** The problem with a map applied in place to the oracle's answers. */
export const answering = (
  problem: Problem,
  change: (answer: Float64Array, z: Float64Array) => void,
): Problem => ({
  ...problem,
  form: undefined,
  operator: (z, out) => {
    problem.operator(z, out)
    change(out, z)
  },
})

/** Like `regularised`, around the current content of `center`, which is not copied. */
export const regularisedAround = (
  problem: Problem,
  strength: number,
  center: Float64Array,
): Problem => {
  // the gap is that of the problem itself, which no method drives to 0 here
  const { gap: _, ...rest } = answering(problem, (answer, z) => {
    for (let i = 0; i < z.length; i++) answer[i] = answer[i]! + strength * (z[i]! - center[i]!)
  })
  const { form, name, smoothness } = problem
  const isKnown = form !== undefined && form.pull === undefined
  return {
    ...rest,
    name: `${name}, regularised`,
    smoothness: smoothness + strength,
    form: isKnown ? { ...form, pull: { strength, center } } : undefined,
  }
}

/**
 * The problem with `strength |x - x_0|^2 / 2` added for the minimising player and subtracted for the other; `center` is
 * `(x_0, y_0)`, and is copied. It is strongly monotone and has the same oracle error; its solution is a nonexpansive
 * function of the centre (Zhang et al. 2023, Lemma 3.2).
 */
export const regularised = (problem: Problem, strength: number, center: Float64Array): Problem => {
  Require.nonNegative("regularised", "strength", strength)
  Require.typed("regularised", "center", center)
  return regularisedAround(problem, strength, center.slice())
}
