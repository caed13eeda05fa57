import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "./FeasibleSet.ts"
import type { Game } from "./Game.ts"
import { lazy } from "./internal/Lazy.ts"
import * as Products from "./Products.ts"

/** Bilinear game; `saddle` is a saddle point if it is feasible. */
interface BilinearGame extends Game {
  readonly saddle: Float64Array
  readonly dualityGap: (z: Float64Array) => number
  /** `(x - x*)^T A (y - y*)`. */
  value(z: Float64Array): number
}

/**
 * The game `min over x, max over y of (x - x*)^T A (y - y*)`, with one feasible set for both players or one for each.
 *
 * `matrix` is A, row-major with as many columns as y has coordinates; `saddle` is `(x*, y*)`, default the origin. Its
 * operator is monotone and skew around the saddle, so plain gradient descent-ascent spirals outward. The matrix is copied
 * unless it lies in the kernels' memory, where it is used in place, which is fast. Throws InvalidInput on wrong lengths and
 * on numbers that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { bilinearGame } from "@nonconvex/problems"
 * import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
 *
 * // min over x, max over y of x y, both in [-1, 1]
 * const game = bilinearGame({ matrix: Float64Array.of(1), columns: 1, feasible: FeasibleSet.box(1) })
 * game.value(Float64Array.of(0.5, -1)) // => -0.5
 * game.dualityGap(Float64Array.of(0.5, -1)) // => 1.5
 * game.dualityGap(game.saddle) // => 0
 * ```
 */
export const bilinearGame = (options: {
  readonly matrix: Float64Array
  readonly columns: number
  readonly feasible:
    | FeasibleSet.FeasibleSet
    | readonly [min: FeasibleSet.FeasibleSet, max: FeasibleSet.FeasibleSet]
  readonly saddle?: Float64Array
  /** Products A y and A^T x; default `Products.float64`. */
  readonly products?: Products.Products
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}): BilinearGame => {
  const { columns, kernels = Kernels.standard(), products = Products.float64 } = options
  Require.count("bilinearGame", "columns", columns)
  Require.typed("bilinearGame", "matrix", options.matrix)
  Require.object("bilinearGame", "feasible", options.feasible)
  const rows = options.matrix.length / columns
  Require.count("bilinearGame", "matrix.length / columns", rows)
  Require.allFinite("bilinearGame", "matrix", options.matrix)
  const size = rows + columns
  const saddle = options.saddle?.slice() ?? new Float64Array(size)
  Require.vector("bilinearGame", "saddle", saddle, size)
  const [first, second] =
    "project" in options.feasible ? [options.feasible, options.feasible] : options.feasible
  const feasible = FeasibleSet.product([first, rows], [second, columns])
  const matrix = kernels.arena.holds(options.matrix) ? options.matrix : options.matrix.slice()
  const both = products.prepare(matrix, rows, columns, kernels)
  const x = new Float64Array(rows)
  const y = new Float64Array(columns)
  const ay = new Float64Array(rows)
  const atx = new Float64Array(columns)
  const frobenius = Vector.norm(matrix)

  const multiply = (z: Float64Array) => {
    for (let i = 0; i < rows; i++) x[i] = z[i]! - saddle[i]!
    for (let j = 0; j < columns; j++) y[j] = z[rows + j]! - saddle[rows + j]!
    both(y, ay, x, atx)
  }
  const smoothness = lazy(() => {
    const values = Svd.singularValues(matrix, rows, columns, kernels)
    return values.reduce((largest, value) => Math.max(largest, value), 0)
  })
  const roundoff = lazy(() => {
    const relative = products.error(Math.max(rows, columns) + 1)
    return frobenius === 0 ? 0 : relative * frobenius * feasible.reach(saddle, 0, size)
  })
  const operator: Game["operator"] = (z, out) => {
    multiply(z)
    out.set(ay)
    for (let j = 0; j < columns; j++) out[rows + j] = -atx[j]!
  }
  // twins fuse nothing, so they do not know a game whose products do
  const isStrict = products === Products.float64 && Kernels.inPlace(kernels, matrix).isReproducible
  return {
    name: `bilinear game, ${first === second ? first.name : feasible.name}`,
    dimensions: [rows, columns],
    feasible,
    saddle,
    bilinear: isStrict ? { matrix, columns, saddle, kernels } : undefined,
    get smoothness() {
      return smoothness()
    },
    get roundoff() {
      return roundoff()
    },
    operator,
    project: (z) => feasible.project(z, 0, size),
    value: (z) => {
      multiply(z)
      return Vector.dot(x, ay)
    },
    dualityGap: (z) => {
      multiply(z)
      // the best answer of each player to the other, as support functions around the saddle
      let offset = 0
      for (let i = 0; i < rows; i++) {
        offset += ay[i]! * saddle[i]!
        ay[i] = -ay[i]!
      }
      for (let j = 0; j < columns; j++) offset -= atx[j]! * saddle[rows + j]!
      return first.support(ay, 0, rows) + second.support(atx, 0, columns) + offset
    },
  }
}

/**
 * The game `min over x, max over y of x^T A y` between mixed strategies; `matrix` is A, row-major. Throws as bilinearGame.
 *
 * @example
 * ```ts import.meta.vitest
 * import { matrixGame } from "@nonconvex/problems/BilinearGame"
 *
 * const pennies = matrixGame({ matrix: Float64Array.of(1, -1, -1, 1), columns: 2 })
 * pennies.dualityGap(Float64Array.of(0.5, 0.5, 0.5, 0.5)) // => 0
 * pennies.dualityGap(Float64Array.of(1, 0, 0.5, 0.5)) // => 1
 * ```
 */
export const matrixGame = (options: {
  readonly matrix: Float64Array
  readonly columns: number
  readonly products?: Products.Products
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}): BilinearGame => bilinearGame({ ...options, feasible: FeasibleSet.simplex() })
