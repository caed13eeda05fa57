import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as Constants from "./Constants.ts"
import type { Described } from "./Objective.ts"
import * as Orthonormal from "./internal/Orthonormal.ts"
import * as Rows from "./internal/Rows.ts"

/**
 * Infimum of `phi'(s)^2 / (2 phi(s))` for `phi(s) = s^2 + 3 sin^2 s`, attained at s = 2.2017091764368352 (solved to 50
 * digits; derived here). The literature quotes the bound 1/32.
 */
const waveConstant = 0.17553098587973173

/**
 * The sum of `s^2 + 3 sin^2 s` over the coordinates `s = rows x`. It is Polyak-Lojasiewicz and not convex (Karimi, Nutini,
 * Schmidt 2016). If there are fewer rows than columns, its minima form a subspace.
 *
 * `rows` is row-major with orthonormal rows of length `dimension`; without it the rows are those of the identity. Throws
 * InvalidInput on a dimension below 1, more rows than columns and rows that are not orthonormal to 1e-9.
 *
 * @example
 * ```ts import.meta.vitest
 * import { polyakLojasiewicz } from "@nonconvex/problems"
 *
 * const gradient = new Float64Array(1)
 * // pi^2 + 3 sin^2 pi, with slope 2 pi
 * polyakLojasiewicz({ dimension: 1 }).valueAndGradient(Float64Array.of(Math.PI), gradient) // ≈ 9.8696
 * gradient // ≈ [6.2832]
 * ```
 */
export const polyakLojasiewicz = (options: {
  readonly dimension: number
  readonly rows?: Float64Array
}): Described => {
  const { dimension, rows } = options
  Require.count("polyakLojasiewicz", "dimension", dimension)
  const rank = rows === undefined ? dimension : rows.length / dimension
  if (rows !== undefined) {
    Require.count("polyakLojasiewicz", "rows.length / dimension", rank)
    Orthonormal.requireRows("polyakLojasiewicz", "rows", rows, rank, dimension)
  }
  return {
    name: "Polyak-Lojasiewicz wave",
    dimension,
    constants: {
      smoothness: Constants.exact(8, "phi'' = 2 + 6 cos 2s lies in [-4, 8]"),
      polyakLojasiewicz: Constants.exact(waveConstant, "min of phi'^2 / (2 phi), at s = 2.2017"),
      minimum: Constants.exact(0, "attained at the origin"),
    },
    valueAndGradient: (x, gradient) => {
      if (rows !== undefined) gradient.fill(0)
      let sum = 0
      for (let i = 0; i < rank; i++) {
        const s = rows === undefined ? x[i]! : Rows.dot(rows, i * dimension, x)
        const sine = Elementary.sin(s)
        sum += s * s + 3 * sine * sine
        const slope = 2 * s + 3 * Elementary.sin(2 * s)
        if (rows === undefined) gradient[i] = slope
        else Rows.add(slope, rows, i * dimension, gradient)
      }
      return sum
    },
    hessianVector: (x, v, out) => {
      if (rows !== undefined) out.fill(0)
      for (let i = 0; i < rank; i++) {
        const s = rows === undefined ? x[i]! : Rows.dot(rows, i * dimension, x)
        const bend = 2 + 6 * Elementary.cos(2 * s)
        if (rows === undefined) out[i] = bend * v[i]!
        else Rows.add(bend * Rows.dot(rows, i * dimension, v), rows, i * dimension, out)
      }
    },
  }
}
