/**
 * The face that contains all proofs. Every slack matrix is 0 along the directions in which a worst instance may move at no loss.
 * Conditions that become slack there take no part in any proof.
 *
 * Facial reduction: J. Borwein, H. Wolkowicz, Regularizing the abstract convex program, 1981.
 */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Rational from "@nonconvex/numerics/Rational"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Problem } from "../semidefinite/Problem.ts"
import * as Semidefinite from "../semidefinite/Semidefinite.ts"

export interface Face {
  /** Conditions that may take part in a proof. */
  readonly kept: ReadonlyArray<number>
  /** Vectors, in fractions, that span the directions. */
  readonly kernel: ReadonlyArray<ReadonlyArray<Rational.Rational>>
  /** Program of the kept conditions; its slack matrices are 0 on the kernel. */
  readonly problem: Problem
  /** Positive multipliers of the kept conditions, with a slack matrix that is 0 only on the kernel; not useful for the bound. */
  readonly interior: Float64Array | undefined
}

/** Interpretation of an instance found by the solver. */
interface Reading {
  /** Threshold above which a coordinate counts as nonzero: instances have size 1. */
  readonly threshold: number
  /** Tolerance between an entry of a direction and its fraction. */
  readonly rounding: number
}

/** Readings in the order of trial: small denominators before larger ones, and results most blurred by rounding last. */
export const readings: ReadonlyArray<Reading> = [
  { threshold: 1e-4, rounding: 3e-5 },
  { threshold: 1e-3, rounding: 3e-5 },
  { threshold: 1e-4, rounding: 1e-7 },
  { threshold: 1e-5, rounding: 1e-3 },
  { threshold: 1e-2, rounding: 3e-5 },
]

/** Reduced row echelon form of the given rows, in place; the pivot is the largest entry of its row. */
const reduce = (rows: ReadonlyArray<Float64Array>): void => {
  rows.forEach((row, r) => {
    let pivot = 0
    row.forEach((value, j) => {
      if (Math.abs(value) > Math.abs(row[pivot]!)) pivot = j
    })
    const scale = row[pivot]!
    for (let j = 0; j < row.length; j++) row[j] = row[j]! / scale
    rows.forEach((other, o) => {
      const factor = other[pivot]!
      if (o === r) return
      for (let j = 0; j < row.length; j++) other[j] = other[j]! - factor * row[j]!
    })
  })
}

/** A basis of the directions, and an orthonormal basis of their complement. */
interface Split {
  readonly along: ReadonlyArray<Float64Array>
  readonly across: ReadonlyArray<Float64Array>
}

/**
 * Threshold below which a product with a direction, relative to its row, is rounding: as a coefficient it would enter the proof.
 */
const dust = 1e-12

const times = (matrix: Float64Array, order: number, v: Float64Array): Float64Array =>
  Float64Array.from({ length: order }, (_, i) =>
    Vector.dot(matrix.slice(i * order, (i + 1) * order), v),
  )

/**
 * A row of the program in the coordinates of a split. The block orthogonal to the directions comes first. The values, the
 * products with directions, and the factor of the bound follow, with free sign.
 */
const write = (
  row: Float64Array,
  order: number,
  { across, along }: Split,
  constant: ReadonlyArray<number>,
): ReadonlyArray<number> => {
  const least = dust * Vector.maxAbs(row)
  const product = (a: Float64Array, b: Float64Array): number => {
    const value = Vector.dot(a, b)
    return Math.abs(value) < least ? 0 : value
  }
  const byAcross = across.map((v) => times(row, order, v))
  const byAlong = along.map((v) => times(row, order, v))
  const block = across.flatMap((_, i) =>
    across.map((__, j) => Vector.dot(byAcross[Math.max(i, j)]!, across[Math.min(i, j)]!)),
  )
  return [
    ...block,
    ...row.subarray(order * order),
    ...byAlong.flatMap((moved, j) => [
      ...across.map((v) => product(moved, v)),
      ...along.slice(0, j + 1).map((v) => product(moved, v)),
    ]),
    ...constant,
  ]
}

/** Program in the coordinates of a split; with a bound, restricted to proofs of it. */
const onFace = (
  problem: Problem,
  kept: ReadonlyArray<number>,
  split: Split,
  bound: number | undefined,
): Problem => {
  const order = problem.orders[0] ?? 0
  const width = problem.cost.length
  const inner = split.across.length
  const constant = (value: number) => (bound === undefined ? [] : [value])
  const rows = kept.map((k) =>
    write(
      problem.rows.subarray(k * width, (k + 1) * width),
      order,
      split,
      constant(-problem.bounds[k]!),
    ),
  )
  const cost = write(problem.cost, order, split, constant(bound ?? 0))
  const free = independent(
    Array.from({ length: cost.length - inner * inner }, (_, j) =>
      Float64Array.from([...rows, cost], (row) => row[inner * inner + j]!),
    ),
  )
  const joined = (row: ReadonlyArray<number>, i: number) => [
    ...row.slice(0, inner * inner),
    ...free.map((column) => column[i]!),
  ]
  return {
    orders: inner === 0 ? [] : [inner],
    nonnegative: 0,
    free: free.length,
    rows: Float64Array.from(rows.flatMap(joined)),
    bounds: Float64Array.from(kept, (k) => problem.bounds[k]!),
    inequalities: kept.length,
    cost: Float64Array.from(joined(cost, rows.length)),
  }
}

/** Remainder, relative to the largest, below which a column depends on the others. */
const dependent = 1e-9

/**
 * Columns with the same span, orthonormal except for their last entry, which belongs to the cost. Dependent equations would
 * reduce the solver's accuracy.
 */
const independent = (columns: ReadonlyArray<Float64Array>): ReadonlyArray<Float64Array> => {
  const size = (column: Float64Array) => Vector.norm(column.slice(0, -1))
  const out: Array<Float64Array> = []
  let rest = columns.map((column) => column.slice())
  const least = dependent * rest.reduce((most, column) => Math.max(most, size(column)), 0)
  for (;;) {
    const sizes = rest.map(size)
    const largest = sizes.reduce((most, value, i) => (value > sizes[most]! ? i : most), 0)
    if (!(sizes[largest]! > least)) return out
    const unit = rest[largest]!.map((value) => value / sizes[largest]!)
    const inner = unit.slice(0, -1)
    out.push(unit)
    rest = rest.toSpliced(largest, 1)
    for (const column of rest) {
      // twice, for what rounding leaves of the first time
      for (let round = 0; round < 2; round++) {
        Vector.axpy(-Vector.dot(inner, column.slice(0, -1)), unit, column)
      }
    }
  }
}

/** Weight of each condition relative to the trace. */
const weightsOf = ({ bounds, cost, rows }: Problem): Float64Array =>
  bounds.map((_, k) => 1 / (Vector.maxAbs(rows.slice(k * cost.length, (k + 1) * cost.length)) || 1))

/**
 * Maximises the trace of the block plus the total decrease of the conditions, bounded by 1, such that no condition and no cost
 * increases.
 */
const widest = (face: Problem, weights: Float64Array, kernels: Kernels) => {
  const width = face.cost.length
  const count = face.bounds.length
  const inner = face.orders[0] ?? 0
  const total = new Float64Array(width)
  for (let i = 0; i < inner; i++) total[i * (inner + 1)] = 1
  weights.forEach((weight, k) => {
    Vector.axpy(-weight, face.rows.slice(k * width, (k + 1) * width), total)
  })
  const rows = new Float64Array((count + 2) * width)
  rows.set(face.rows)
  rows.set(face.cost, count * width)
  rows.set(total, (count + 1) * width)
  const bounds = new Float64Array(count + 2)
  bounds[count + 1] = 1
  const answer = Semidefinite.solve(
    { ...face, rows, bounds, inequalities: bounds.length, cost: total.map((x) => -x) },
    { kernels, tolerance: 1e-12, isHasty: false },
  )
  return "primal" in answer ? answer : undefined
}

/** Orthonormal basis of the orthogonal complement. */
const complement = (
  vectors: ReadonlyArray<Float64Array>,
  order: number,
  kernels: Kernels,
): ReadonlyArray<Float64Array> => {
  const rows = Float64Array.from(vectors.flatMap((vector) => [...vector]))
  const gram = new Float64Array(order * order)
  kernels.gemm(true, false, order, order, vectors.length, 1, rows, rows, 0, gram)
  const pairs = SymmetricEigen.eigen(gram, order, kernels)
  return Array.from({ length: order - vectors.length }, (_, j) =>
    SymmetricEigen.vector(pairs, j).slice(),
  )
}

/** Start of the search within a face: its proofs of one bound if there is one, else of any. */
interface Within {
  readonly face: Face
  readonly bound?: number
}

/**
 * Finds the face of a program that contains all proofs. From a start within a face, it finds the subface of the proofs of one bound. It has
 * no interior if there are no proofs, or if none is found.
 */
export const directions = (
  problem: Problem,
  kernels: Kernels,
  { rounding, threshold }: Reading = readings[0]!,
  within?: Within,
): Face => {
  const bound = within?.bound
  const order = problem.orders[0] ?? 0
  let { kept, kernel } = within?.face ?? { kept: [...problem.bounds.keys()], kernel: [] }
  for (;;) {
    const along = kernel.map((vector) => Float64Array.from(vector, Rational.toNumber))
    const across = complement(along, order, kernels)
    const face = onFace(problem, kept, { across, along }, bound)
    const weights = weightsOf(face)
    const found = widest(face, weights, kernels)
    const unknown = { kept, kernel, problem: face, interior: undefined }
    if (found === undefined) return unknown
    const { multipliers, primal, primalObjective } = found
    if (primalObjective > -threshold) {
      const scale = -multipliers[kept.length]!
      const interior = weights.map((weight, k) => (weight - multipliers[k]!) / scale)
      return interior.every((value) => value > 0 && Number.isFinite(value))
        ? { kept, kernel, problem: face, interior }
        : unknown
    }
    const width = face.cost.length
    const stays = (k: number) =>
      Vector.dot(face.rows.slice(k * width, (k + 1) * width), primal) * weights[k]! > -threshold
    const next = kept.filter((_, k) => stays(k))
    const more = range(primal, across, threshold, kernels)
    if (next.length === kept.length && more.length === 0) return unknown
    const spanning = [...along, ...more]
    reduce(spanning)
    // what was rounded to fractions may have become dependent
    if (!spanning.every((vector) => vector.every(Number.isFinite))) return unknown
    kept = next
    kernel = spanning.map((v) => Array.from(v, (value) => Rational.near(value, rounding)))
  }
}

/** Vectors that span the range of a point's first block, without eigenvalues below a threshold. */
const range = (
  point: Float64Array,
  basis: ReadonlyArray<Float64Array>,
  threshold: number,
  kernels: Kernels,
): ReadonlyArray<Float64Array> => {
  const inner = basis.length
  if (inner === 0) return []
  const pairs = SymmetricEigen.eigen(point.slice(0, inner * inner), inner, kernels)
  return [...pairs.values].flatMap((value, j) => {
    if (value < threshold) return []
    const out = new Float64Array(basis[0]!.length)
    const vector = SymmetricEigen.vector(pairs, j)
    basis.forEach((v, i) => Vector.axpy(vector[i]!, v, out))
    return [out]
  })
}
