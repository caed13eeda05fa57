/** The directions along which a worst instance may grow without end and be no worse: there every slack matrix is 0. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Rational from "@nonconvex/numerics/Rational"
import type { Problem } from "../semidefinite/Problem.ts"
import * as Semidefinite from "../semidefinite/Semidefinite.ts"

export interface Face {
  /** The conditions that may have a part in a proof. */
  readonly kept: ReadonlyArray<number>
  /** Vectors that span the directions, as fractions. */
  readonly kernel: ReadonlyArray<ReadonlyArray<Rational.Rational>>
  /** The projection onto what is orthogonal to them, row-major. */
  readonly complement: Float64Array
}

/** Eigenvalues above it are of directions. */
const threshold = 1e-4

/** What an entry of a direction may be off the fraction that it is taken for. */
const rounding = 3e-5

/** The reduced row echelon form of so many rows, pivots the largest of their row. */
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

/** Where every condition is at most 0 with bounds of 0 and the cost does not rise, the matrix and values of the largest trace. */
const widest = (
  problem: Problem,
  kept: ReadonlyArray<number>,
  kernels: Kernels,
): Float64Array | undefined => {
  const order = problem.orders[0] ?? 0
  const width = problem.cost.length
  const trace = new Float64Array(width)
  for (let i = 0; i < order; i++) trace[i * (order + 1)] = 1
  const rows = new Float64Array((kept.length + 2) * width)
  kept.forEach((k, i) => rows.set(problem.rows.subarray(k * width, (k + 1) * width), i * width))
  rows.set(problem.cost, kept.length * width)
  rows.set(trace, (kept.length + 1) * width)
  const bounds = new Float64Array(kept.length + 2)
  bounds[kept.length + 1] = 1
  const answer = Semidefinite.solve(
    { ...problem, rows, bounds, inequalities: bounds.length, cost: trace.map((x) => -x) },
    { kernels, tolerance: 1e-12 },
  )
  return "primal" in answer && answer.primalObjective < -threshold ? answer.primal : undefined
}

/**
 * The directions of a program. A condition that falls along one has no part in any proof; without those there may be more directions, so
 * that it is done again until nothing is left out.
 */
export const directions = (problem: Problem, kernels: Kernels): Face => {
  const order = problem.orders[0] ?? 0
  const width = problem.cost.length
  let kept = [...problem.bounds.keys()]
  for (;;) {
    const found = widest(problem, kept, kernels)
    if (found === undefined) return face(kept, [], order)
    const falls = (k: number) =>
      Vector.dot(problem.rows.slice(k * width, (k + 1) * width), found) < -threshold
    const next = kept.filter((k) => !falls(k))
    if (next.length === kept.length) {
      const pairs = SymmetricEigen.eigen(found.slice(0, order * order), order, kernels)
      const vectors = [...pairs.values].flatMap((value, j) =>
        value < threshold ? [] : [SymmetricEigen.vector(pairs, j).slice()],
      )
      return face(kept, vectors, order)
    }
    kept = next
  }
}

const face = (
  kept: ReadonlyArray<number>,
  vectors: ReadonlyArray<Float64Array>,
  order: number,
): Face => {
  const complement = new Float64Array(order * order)
  for (let i = 0; i < order; i++) {
    for (let k = 0; k <= i; k++) {
      let sum = i === k ? 1 : 0
      for (const vector of vectors) sum -= vector[i]! * vector[k]!
      complement[i * order + k] = sum
      complement[k * order + i] = sum
    }
  }
  reduce(vectors)
  const kernel = vectors.map((vector) =>
    Array.from(vector, (value) => Rational.near(value, rounding)),
  )
  return { kept, kernel, complement }
}
