/** Sensitivity of a scatter matrix to one row. R is the bound on a row; u and v are rows. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Neighbours } from "../privacy/Target.ts"

/**
 * Largest Frobenius distance of two neighbouring scatter matrices. It is sqrt 2 R^2 under replacement (attained by
 * orthogonal rows of norm R), and R^2 for one row more or less. Derived here.
 */
export const frobeniusSensitivity = (neighbours: Neighbours, bound: number): number =>
  neighbours === "replace" ? Math.SQRT2 * bound * bound : bound * bound

/** |u u^T - v v^T|_F^2 = |u|^4 + |v|^4 - 2 (u.v)^2. */
export const rowChangeSquared = (u: Float64Array, v: Float64Array): number => {
  let [uu, vv, uv] = [0, 0, 0]
  for (let i = 0; i < u.length; i++) {
    uu += u[i]! * u[i]!
    vv += v[i]! * v[i]!
    uv += u[i]! * v[i]!
  }
  return uu * uu + vv * vv - 2 * uv * uv
}

/** Squared length of the upper triangle of u u^T including the diagonal, as a plain vector: (|u|^4 + sum u_i^4) / 2. */
export const upperTriangleSquared = (u: Float64Array): number => {
  let [squares, quartic] = [0, 0]
  for (const x of u) {
    squares += x * x
    quartic += Elementary.pow(x, 4)
  }
  return 0.5 * (squares * squares + quartic)
}
