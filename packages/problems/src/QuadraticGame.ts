import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { minimumOnBall } from "./BallQuadratic.ts"
import * as FeasibleSet from "./FeasibleSet.ts"
import type { Game } from "./Game.ts"
import { lazy } from "./internal/Lazy.ts"
import * as Rows from "./internal/Rows.ts"

import { requireSamples, type Samples } from "./internal/Samples.ts"

/** Term of one player in addition to the coupling: `u^T quadratic u / 2 + linear^T u`, which it minimises. */
interface QuadraticPlayer {
  readonly feasible: FeasibleSet.FeasibleSet
  /** Symmetric and positive semidefinite, row-major; default none. */
  readonly quadratic?: Float64Array
  /** Default 0. */
  readonly linear?: Float64Array
}

/** Minimum of `u^T quadratic u / 2 + c^T u` on the player's set, as a function of c; undefined without a closed form. */
const leastValue = (player: QuadraticPlayer, n: number, kernels: Kernels.Kernels) => {
  const { feasible, quadratic } = player
  if (quadratic === undefined) {
    const away = new Float64Array(n)
    return (c: Float64Array): number => {
      for (let i = 0; i < n; i++) away[i] = -c[i]!
      return -feasible.support(away, 0, n)
    }
  }
  const { radius } = feasible
  return radius === undefined ? undefined : minimumOnBall(quadratic, n, radius, kernels)
}

/**
 * The game `x^T P x / 2 + p^T x + x^T B y - (y^T Q y / 2 + q^T y)`. `coupling` is B, row-major with as many columns as y has
 * coordinates. `min` gives P and p, `max` gives Q and q.
 *
 * Its operator `(P x + p + B y, Q y + q - B^T x)` is affine and monotone. The duality gap is exact if each player with a
 * quadratic term has a ball or the whole space; players without one may have any set. Throws InvalidInput on wrong lengths
 * and on numbers that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { quadraticGame } from "@nonconvex/problems"
 * import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
 *
 * // min over x, max over y of x^2 / 2 + x y - y^2 / 2
 * const player = { feasible: FeasibleSet.wholeSpace, quadratic: Float64Array.of(1) }
 * const game = quadraticGame({ coupling: Float64Array.of(1), columns: 1, min: player, max: player })
 * const out = new Float64Array(2)
 * game.operator(Float64Array.of(1, 1), out)
 * out // => Float64Array.of(2, 0)
 * game.dualityGap?.(Float64Array.of(1, 1)) // => 2
 * ```
 */
export const quadraticGame = (options: {
  readonly name?: string
  readonly coupling: Float64Array
  readonly columns: number
  readonly min: QuadraticPlayer
  readonly max: QuadraticPlayer
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}): Game => {
  const { columns, kernels = Kernels.standard(), max, min, name = "quadratic game" } = options
  Require.count("quadraticGame", "columns", columns)
  Require.typed("quadraticGame", "coupling", options.coupling)
  Require.object("quadraticGame", "min", min)
  Require.object("quadraticGame", "max", max)
  const rows = options.coupling.length / columns
  Require.count("quadraticGame", "coupling.length / columns", rows)
  Require.allFinite("quadraticGame", "coupling", options.coupling)
  const coupling = options.coupling.slice()
  const size = rows + columns
  const given = (player: QuadraticPlayer, part: "quadratic" | "linear", length: number) => {
    const values = player[part]?.slice() ?? new Float64Array(length)
    Require.vector("quadraticGame", part, values, length)
    return values
  }
  const [p, q] = [given(min, "quadratic", rows * rows), given(max, "quadratic", columns * columns)]
  const [linearMin, linearMax] = [given(min, "linear", rows), given(max, "linear", columns)]
  const feasible = FeasibleSet.product([min.feasible, rows], [max.feasible, columns])
  const jacobian = new Float64Array(size * size)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) jacobian[i * size + j] = p[i * rows + j]!
    for (let j = 0; j < columns; j++) {
      jacobian[i * size + rows + j] = coupling[i * columns + j]!
      jacobian[(rows + j) * size + i] = -coupling[i * columns + j]!
    }
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < columns; j++) {
      jacobian[(rows + i) * size + rows + j] = q[i * columns + j]!
    }
  }
  const constant = Float64Array.of(...linearMin, ...linearMax)
  const smoothness = lazy(() =>
    Svd.singularValues(jacobian, size, size, kernels).reduce((a, b) => Math.max(a, b), 0),
  )
  const roundoff = lazy(() => {
    const origin = new Float64Array(size)
    const relative = ((size + 1) * 2 ** -53) / (1 - (size + 1) * 2 ** -53)
    const reach = feasible.reach(origin, 0, size)
    const norm = Vector.norm(jacobian)
    return relative * ((norm === 0 ? 0 : norm * reach) + Vector.norm(constant))
  })
  const leastMin = leastValue(min, rows, kernels)
  const leastMax = leastValue(max, columns, kernels)
  const x = new Float64Array(rows)
  const y = new Float64Array(columns)
  const ofX = new Float64Array(rows)
  const ofY = new Float64Array(columns)
  return {
    name,
    dimensions: [rows, columns],
    feasible,
    get smoothness() {
      return smoothness()
    },
    get roundoff() {
      return roundoff()
    },
    operator: (z, out) => {
      for (let i = 0; i < size; i++) out[i] = Rows.dot(jacobian, i * size, z) + constant[i]!
    },
    project: (z) => feasible.project(z, 0, size),
    ...(leastMin !== undefined &&
      leastMax !== undefined && {
        dualityGap: (z: Float64Array) => {
          x.set(z.subarray(0, rows))
          y.set(z.subarray(rows))
          // what the other player's strategy makes of the linear term of each
          for (let i = 0; i < rows; i++) ofX[i] = linearMin[i]! + Rows.dot(coupling, i * columns, y)
          ofY.set(linearMax)
          for (let i = 0; i < rows; i++) Rows.add(-x[i]!, coupling, i * columns, ofY)
          let own = Vector.dot(linearMin, x) + Vector.dot(linearMax, y)
          for (let i = 0; i < rows; i++) own += 0.5 * x[i]! * Rows.dot(p, i * rows, x)
          for (let j = 0; j < columns; j++) own += 0.5 * y[j]! * Rows.dot(q, j * columns, y)
          return own - leastMin(ofX) - leastMax(ofY)
        },
      }),
  }
}

/**
 * Robust least squares, `min over x, max over y of |A x - y|^2 / 2 - penalty |y - b|^2 / 2`: an adversary may change the
 * targets at a cost. Concave in y for `penalty > 1`; A has one row per sample, and b is `targets`.
 *
 * Throws InvalidInput on a penalty of at most 1, wrong lengths and numbers that are not finite.
 */
export const robustLeastSquares = (
  options: Samples & {
    readonly targets: Float64Array
    readonly penalty: number
    readonly feasible: readonly [min: FeasibleSet.FeasibleSet, max: FeasibleSet.FeasibleSet]
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  },
): Game => {
  const { dimension, features, penalty, targets } = options
  const size = requireSamples("robustLeastSquares", options)
  Require.vector("robustLeastSquares", "targets", targets, size)
  const excess = penalty - 1
  if (!(excess > 0 && excess < Number.POSITIVE_INFINITY)) {
    invalid("robustLeastSquares", "the penalty must be finite and more than 1", { penalty })
  }
  const gram = new Float64Array(dimension * dimension)
  const coupling = new Float64Array(dimension * size)
  const row = new Float64Array(dimension)
  for (let i = 0; i < size; i++) {
    row.set(features.subarray(i * dimension, (i + 1) * dimension))
    for (let j = 0; j < dimension; j++) {
      coupling[j * size + i] = -row[j]!
      for (let k = 0; k < dimension; k++) gram[j * dimension + k]! += row[j]! * row[k]!
    }
  }
  const own = new Float64Array(size * size)
  for (let i = 0; i < size; i++) own[i * size + i] = excess
  return quadraticGame({
    name: "robust least squares",
    coupling,
    columns: size,
    ...(options.kernels !== undefined && { kernels: options.kernels }),
    min: { feasible: options.feasible[0], quadratic: gram },
    max: {
      feasible: options.feasible[1],
      quadratic: own,
      linear: targets.map((b) => -penalty * b),
    },
  })
}
