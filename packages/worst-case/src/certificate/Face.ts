/** The directions along which a worst instance may grow without end and be no worse: there every slack matrix is 0. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Rational from "../exact/Rational.ts"
import type { Problem } from "../semidefinite/Problem.ts"
import * as Semidefinite from "../semidefinite/Semidefinite.ts"

export interface Face {
  /** Vectors that span the directions, as fractions. */
  readonly kernel: ReadonlyArray<ReadonlyArray<Rational.Rational>>
  /** The projection onto what is orthogonal to them, row-major. */
  readonly complement: Float64Array
}

/** Eigenvalues above it are of directions. */
const threshold = 1e-4

/** What an entry of a direction may be off the fraction that it is taken for. */
const rounding = 1e-5

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

/** The directions of a program: the largest trace where all bounds are 0 and the cost does not rise. */
export const directions = (problem: Problem, kernels: Kernels): Face => {
  const order = problem.orders[0] ?? 0
  const width = problem.cost.length
  const identity = new Float64Array(order * order)
  for (let i = 0; i < order; i++) identity[i * (order + 1)] = 1
  const trace = new Float64Array(width)
  trace.set(identity)
  const count = problem.bounds.length
  const rows = new Float64Array((count + 2) * width)
  rows.set(problem.rows)
  rows.set(problem.cost, count * width)
  rows.set(trace, (count + 1) * width)
  const bounds = new Float64Array(count + 2)
  bounds[count + 1] = 1
  const answer = Semidefinite.solve(
    { ...problem, rows, bounds, inequalities: count + 2, cost: trace.map((x) => -x) },
    { kernels },
  )
  if (!("primal" in answer) || answer.primalObjective > -threshold) {
    return { kernel: [], complement: identity }
  }
  const pairs = SymmetricEigen.eigen(answer.primal.slice(0, order * order), order, kernels)
  const complement = identity.slice()
  const found: Array<Float64Array> = []
  pairs.values.forEach((value, j) => {
    if (value < threshold) return
    const vector = SymmetricEigen.vector(pairs, j).slice()
    found.push(vector)
    for (let i = 0; i < order; i++) {
      for (let k = 0; k < order; k++) {
        complement[i * order + k] = complement[i * order + k]! - vector[i]! * vector[k]!
      }
    }
  })
  for (let i = 0; i < order; i++) {
    for (let k = 0; k < i; k++) complement[k * order + i] = complement[i * order + k]!
  }
  reduce(found)
  const kernel = found.map((vector) =>
    Array.from(vector, (value) => Rational.near(value, rounding)),
  )
  return { kernel, complement }
}
