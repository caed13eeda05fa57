/** Isometry of measurements on matrices of rank one, on which all bounds rest. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Measurements } from "./Measurements.ts"

interface Options {
  /** Random starts of each search; default 30. */
  readonly starts?: number
  /** Seed of the starts; default a fixed one. */
  readonly seed?: Seed.Seed
}

/**
 * The range of `(1/n) sum <A_i, X>^2` over matrices X of rank one with `|X|_F = 1`. Both ends are the best of several local
 * searches, so the true range contains [lo, hi]. This is an inner estimate, tight in our trials, and not a bound.
 */
export interface IsometryInterval {
  readonly lo: number
  readonly hi: number
  /** Number of starts whose search ended within 1e-6 of the reported end. */
  readonly agreement: number
  readonly starts: number
}

/** A search ends if the relative change is below this, or after this many alternations. */
const settled = 1e-12
const mostAlternations = 200

const searchEnd = (
  measurements: Measurements,
  which: "lo" | "hi",
  starts: number,
  seed: Seed.Seed,
): Float64Array => {
  const { columns, given: kernels, rows } = measurements
  const left = new Float64Array(rows * rows)
  const right = new Float64Array(columns * columns)
  const outer = (v: Float64Array, out: Float64Array): void => {
    out.fill(0)
    kernels.ger(v.length, v.length, 1, v, v, out)
  }
  const h = new Float64Array(columns * columns)
  const g = new Float64Array(rows * rows)
  const extreme = (a: Float64Array, n: number) => {
    const { values, vectors } = SymmetricEigen.eigen(a, n, kernels)
    const k = which === "hi" ? n - 1 : 0
    return { value: values[k]!, vector: vectors.subarray(k * n, (k + 1) * n) }
  }
  return Float64Array.from({ length: starts }, (_, k) => {
    const v = new Float64Array(columns)
    RandomStream.make(seed.child(k)).fillSphere(v)
    let value = Number.NaN
    for (let round = 0; round < mostAlternations; round++) {
      outer(v, h)
      measurements.leftMoment(h, left)
      outer(extreme(left, rows).vector, g)
      measurements.rightMoment(g, right)
      const found = extreme(right, columns)
      v.set(found.vector)
      const change = Math.abs(found.value - value)
      value = found.value
      if (change <= settled * Math.abs(value)) break
    }
    return Math.max(0, value)
  })
}

/**
 * Estimates the isometry interval of the measurements on matrices `u v'` of rank one, by alternating eigenvectors. For a
 * fixed v the best u is an eigenvector of `(1/n) sum A_i v v' A_i'`, and vice versa (ours). Throws InvalidInput on fewer
 * than one start.
 */
export const rankOneInterval = (
  measurements: Measurements,
  options: Options = {},
): IsometryInterval => {
  const { seed = Seed.root("rankOneInterval"), starts = 30 } = options
  Require.count("rankOneInterval", "starts", starts)
  const low = searchEnd(measurements, "lo", starts, seed.child("lo"))
  const high = searchEnd(measurements, "hi", starts, seed.child("hi"))
  const [lo, hi] = [Math.min(...low), Math.max(...high)]
  const close = (values: Float64Array, end: number): number =>
    values.filter((value) => Math.abs(value - end) <= 1e-6 * hi).length
  return { lo, hi, agreement: Math.min(close(low, lo), close(high, hi)), starts }
}

/**
 * The largest `|(1/n) sum <A_i, Y> <A_i, Z> - <Y, Z>|` over matrices Y and Z of rank one and norm 1. Alternating singular
 * vectors from several starts give a lower estimate (ours). Throws InvalidInput on fewer than one start.
 */
export const rankOneCorrelation = (measurements: Measurements, options: Options = {}): number => {
  const { seed = Seed.root("rankOneCorrelation"), starts = 30 } = options
  Require.count("rankOneCorrelation", "starts", starts)
  const { columns, count, given: kernels, rows } = measurements
  const y = new Float64Array(rows * columns)
  const measured = new Float64Array(count)
  const slope = new Float64Array(rows * columns)
  let largest = 0
  for (let k = 0; k < starts; k++) {
    const stream = RandomStream.make(seed.child(k))
    const u = new Float64Array(rows)
    const v = new Float64Array(columns)
    stream.fillSphere(u)
    stream.fillSphere(v)
    let value = 0
    for (let round = 0; round < mostAlternations; round++) {
      y.fill(0)
      kernels.ger(rows, columns, 1, u, v, y)
      measurements.apply(y, measured)
      Vector.scale(1 / count, measured)
      measurements.adjoint(measured, slope)
      Vector.axpy(-1, y, slope)
      const svd = Svd.decompose(slope, rows, columns, kernels)
      const change = Math.abs(svd.values[0]! - value)
      value = svd.values[0]!
      u.set(svd.left.subarray(0, rows))
      v.set(svd.right.subarray(0, columns))
      if (change <= settled * value) break
    }
    largest = Math.max(largest, value)
  }
  return largest
}

/** The eigenvalues of `(1/n) sum vec(A_i) vec(A_i)'`, ascending. */
export const momentEigenvalues = (measurements: Measurements): Float64Array => {
  const { columns, count, given, rows } = measurements
  const size = rows * columns
  const gram = new Float64Array(size * size)
  const kernels = Kernels.withRoom(given, 8 * (size * size + count * size))
  kernels.syrk(true, size, count, 1 / count, measurements.matrices(), 0, gram)
  return SymmetricEigen.eigenvalues(gram, size, given)
}

/** `(1/n) sum <A_i, X>^2`. */
export const meanSquare = (measurements: Measurements, x: Float64Array): number => {
  const measured = new Float64Array(measurements.count)
  measurements.apply(x, measured)
  return Vector.dot(measured, measured) / measurements.count
}
