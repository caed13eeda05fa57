/**
 * The unique equilibrium of a game, with the proof of its uniqueness. Derived here; the bounds on rounding are textbook
 * ones.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Exactly from "../numbers/Exactly.ts"
import type { InteriorPoint } from "./InteriorPointState.ts"

/** Strategies of both players, and a bound on their distance from the exact ones. */
export interface Pair {
  readonly min: Float64Array
  readonly max: Float64Array
  readonly distance: number
}

/** Pure strategies of both players, in ascending order. */
export type Played = Readonly<Record<"min" | "max", ReadonlyArray<number>>>

/** The only equilibrium. */
export interface Only extends Pair {
  /** True if an interior point with other rounding finds the same support, because no strategy is too close to its boundary. */
  readonly isDistinct: boolean
}

/** Support: the strategies that are played rather than not. */
export const played = ({ point, slack }: InteriorPoint["min"]): ReadonlyArray<number> => {
  const indices: Array<number> = []
  for (let i = 0; i < point.length; i++) if (point[i]! > slack[i]!) indices.push(i)
  return indices
}

/** Concatenates arrays; as arguments of one call they would overflow the stack. */
export const joined = (one: Float64Array, other: Float64Array): Float64Array => {
  const both = new Float64Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

const unit = 2 ** -53

/** Workspace of an inverse: the system, and as many numbers for its factors and for the inverse. */
interface Inverting {
  readonly kernels: Kernels.Kernels
  readonly size: number
  readonly system: Float64Array
  readonly factors: Float64Array
  readonly inverse: Float64Array
}

/** R^-1 Q^T. */
const byReflections = ({ factors, inverse, kernels, size, system }: Inverting): boolean => {
  const tau = new Float64Array(size)
  factors.set(system)
  kernels.qr(size, size, factors, tau)
  inverse.fill(0)
  for (let a = 0; a < size; a++) inverse[a * size + a] = 1
  kernels.multiplyQ(true, size, size, factors, tau, size, inverse)
  kernels.solveTriangular(false, false, size, size, factors, inverse)
  return true
}

/**
 * `(B^T B)^-1 B^T`, which loses accuracy if B is nearly singular, and does not exist if rounding makes the product
 * indefinite.
 */
const byNormalEquations = ({ factors, inverse, kernels, size, system }: Inverting): boolean => {
  kernels.syrk(true, size, size, 1, system, 0, factors)
  if (kernels.cholesky(size, factors) >= 0) return false
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) inverse[a * size + b] = system[b * size + a]!
  }
  kernels.solveTriangular(true, false, size, size, factors, inverse)
  kernels.solveTriangular(true, true, size, size, factors, inverse)
  return true
}

/** Size up to which an inverse by QR takes negligible time. */
const small = 96

/** Methods for the inverse in order of cost; the last one is accurate if any is. */
const waysFor = (size: number) =>
  size <= small ? [byReflections] : [byNormalEquations, byReflections]

/**
 * Smallest probability, or loss against the equilibrium, that counts as clear, shared among all strategies. An interior
 * point with other rounding may miss a smaller one and publish another answer.
 */
const leastDistinct = 2 ** -17

/** `|W| bounds`, row by row or as one column. */
const spread = (w: Float64Array, bounds: Float64Array, transpose: boolean): Float64Array => {
  const size = bounds.length
  const out = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [to, from] = transpose ? [j, i] : [i, j]
      out[to]! += Math.abs(w[i * size + j]!) * bounds[from]!
    }
  }
  return out
}

/** Sums of magnitudes of rows, or of columns. */
const sums = (matrix: Float64Array, size: number, transpose: boolean): Float64Array =>
  spread(matrix, new Float64Array(size).fill(1), transpose)

const largest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), 0)

/**
 * The equilibrium with this support: a linear system makes the other player indifferent on it. Undefined without a proof
 * that the system has one positive solution, against which every other strategy loses. In that case there may be several
 * equilibria, or another support.
 */
export const only = (
  {
    columns,
    kernels,
    matrix,
    rows,
  }: Pick<InteriorPoint, "columns" | "kernels" | "matrix" | "rows">,
  { max: J, min: I }: Played,
): Only | undefined => {
  const k = I.length
  if (k !== J.length || k === 0) return undefined
  const distinct = leastDistinct / (rows + columns)
  const size = k + 1
  // [A -1; 1 0], whose solution with the right side (0, 1) is y with its level, and of whose transpose x
  const bordered = new Float64Array(size * size)
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) bordered[a * size + b] = matrix[I[a]! * columns + J[b]!]!
    bordered[a * size + k] = -1
    bordered[k * size + a] = 1
  }
  return kernels.arena.scoped((workspace) => {
    const held = () => workspace.f64(size * size)
    const [system, factors, inverse, error] = [held(), held(), held(), held()] as const
    system.set(bordered)
    /** The solution of one player's system, with bounds on its errors, coordinate by coordinate. */
    const solve = (transpose: boolean) => {
      // I - W B, or I - B W for the transpose
      const [left, right] = transpose ? [system, inverse] : [inverse, system]
      error.fill(0)
      for (let a = 0; a < size; a++) error[a * size + a] = 1
      kernels.gemm(false, false, size, size, size, -1, left, right, 1, error)
      const rounding = spread(inverse, sums(bordered, size, transpose), transpose)
      const contraction =
        largest(sums(error, size, transpose)) + (size + 4) * unit * largest(rounding)
      if (!(contraction < 0.5)) return undefined
      const z = Exactly.zeros(size)
      const residual = new Float64Array(size)
      const step = new Float64Array(size)
      const sign = transpose ? -1 : 1
      const measure = () => {
        const off = Exactly.zeros(size)
        off.level[k] = -sign
        Exactly.addProduct(transpose, size, size, bordered, z, off)
        for (let a = 0; a < size; a++) residual[a] = -off.level[a]! - off.rest[a]!
      }
      let worst = Number.POSITIVE_INFINITY
      for (let round = 0; round < 60; round++) {
        measure()
        const now = largest(residual.map(Math.abs))
        if (now < 2 ** -96 || now > worst / 2) break
        worst = now
        kernels.gemv(transpose, size, size, 1, inverse, residual, 0, step)
        for (let a = 0; a < size; a++) Exactly.addTo(z, a, step[a]!)
      }
      measure()
      for (let a = 0; a < size; a++) {
        residual[a] = Math.abs(residual[a]!) * (1 + 8 * unit) + 16 * size * size * unit * unit
      }
      const off = spread(inverse, residual, transpose)
      const more = (contraction * largest(off)) / (1 - contraction)
      return {
        z: z.level,
        level: Math.abs(z.level[k]!),
        off: off.map((x, a) => x + more + Math.abs(z.rest[a]!)),
      }
    }
    /** The least entry of both players' solutions, which are in the last column and, negated, in the last row. */
    const leastPlayed = () => {
      let least = Number.POSITIVE_INFINITY
      for (let a = 0; a < k; a++) {
        least = Math.min(least, inverse[a * size + k]!, -inverse[k * size + a]!)
      }
      return least
    }
    const bothSolved = () => {
      for (const invert of waysFor(size)) {
        if (!invert({ kernels, size, system, factors, inverse })) continue
        const least = leastPlayed()
        // others are played; a little below 0 it may be the rounding of this way
        if (least < -leastDistinct) return undefined
        if (!(least > 0)) continue
        const [y, x] = [solve(false), solve(true)]
        if (y !== undefined && x !== undefined) return { x, y }
      }
      return undefined
    }
    const solved = bothSolved()
    if (solved === undefined) return undefined
    const { x, y } = solved
    const outcome = new Float64Array(Math.max(rows, columns))
    let isDistinct = true
    /** Tests whether the support is positive, and every other strategy loses against it. */
    const isStrict = (
      { level, off, z }: typeof x,
      mine: ReadonlyArray<number>,
      theirs: ReadonlyArray<number>,
      transpose: boolean,
    ): Float64Array | undefined => {
      const full = new Float64Array(transpose ? rows : columns)
      for (let a = 0; a < k; a++) {
        if (!(z[a]! > off[a]!)) return undefined
        if (!(z[a]! - off[a]! > distinct)) isDistinct = false
        full[mine[a]!] = z[a]!
      }
      const answers = outcome.subarray(0, transpose ? columns : rows)
      kernels.gemv(transpose, rows, columns, 1, matrix, full, 0, answers)
      const room = 2 * off.reduce((sum, e) => sum + e, 0) + 4 * (rows + columns) * unit
      const indifferent = new Set(theirs)
      const sign = transpose ? -1 : 1
      const least = answers.reduce(
        (lost, answer, i) => (indifferent.has(i) ? lost : Math.min(lost, sign * (answer - level))),
        Number.POSITIVE_INFINITY,
      )
      if (!(least > room + distinct)) isDistinct = false
      return least > room ? full : undefined
    }
    const second = isStrict(y, J, I, false)
    const first = isStrict(x, I, J, true)
    if (first === undefined || second === undefined) return undefined
    const distance = Vector.norm(joined(x.off.subarray(0, k), y.off.subarray(0, k)))
    return { min: first, max: second, distance, isDistinct }
  })
}
