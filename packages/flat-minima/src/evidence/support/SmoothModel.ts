/** Smooth finite sums, convex or not. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { QuarticInstance } from "./Quartic.ts"

/** Summand `c log cosh(a . x + e)`. */
export interface SmoothRow {
  readonly a: Float64Array
  readonly e: number
  readonly c: number
}

/**
 * The mean over k of `c_k log cosh(a_k . x + e_k)`: its smoothness is at most the mean of `|c_k| |a_k|^2`, and it is not convex
 * if some c_k is negative.
 */
export const smoothModel = ({ dimension: n, seed, terms }: QuarticInstance) => {
  const stream = RandomStream.make(Seed.root(seed))
  const rows = Array.from({ length: terms }, (): SmoothRow => {
    return { a: stream.normals(n), e: stream.normal(), c: stream.normal() }
  })
  const point = stream.normals(n)
  const sampleSmoothness = rows.map(({ a, c }) => Math.abs(c) * Vector.dot(a, a))
  const beta = sampleSmoothness.reduce((x, y) => x + y, 0) / terms
  const sample = (k: number, weight: number, x: Float64Array, gradient: Float64Array): number => {
    const { a, c, e } = rows[k]!
    const s = Vector.dot(a, x) + e
    Vector.axpy(weight * c * Elementary.tanh(s), a, gradient)
    return c * (Math.abs(s) + Elementary.log1p(Elementary.exp(-2 * Math.abs(s))) - Math.LN2)
  }
  const batch = (indices: Iterable<number>, x: Float64Array, gradient: Float64Array): number => {
    const list = [...indices]
    gradient.fill(0)
    let sum = 0
    for (const k of list) sum += sample(k, 1 / list.length, x, gradient)
    return sum / list.length
  }
  const all = rows.map((_, k) => k)
  const objective = {
    name: "log cosh",
    dimension: n,
    size: terms,
    constants: {},
    valueAndGradient: (x: Float64Array, gradient: Float64Array) => batch(all, x, gradient),
    batchValueAndGradient: (indices: Uint32Array, x: Float64Array, gradient: Float64Array) =>
      batch(indices, x, gradient),
  }
  return { objective, point, rows, beta, sampleSmoothness }
}
