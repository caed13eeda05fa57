/** From multipliers to the inequality that they prove, in fractions. */
import type { Rational as Fraction } from "@nonconvex/numerics/Rational"
import * as Definite from "../exact/Definite.ts"
import * as Rational from "@nonconvex/numerics/Rational"
import { type Expression, pair, unpair } from "../estimation/Expression.ts"
import type { PerformanceEstimation } from "../estimation/PerformanceEstimation.ts"

/** Sum of conditions times multipliers, minus the objective; it must be a sum of squares and a constant. */
export interface Combined {
  /** Nonzero coefficients of values by number; a proof has none. */
  readonly values: ReadonlyMap<number, Fraction>
  /** The symmetric matrix of inner products. */
  readonly matrix: ReadonlyArray<ReadonlyArray<Fraction>>
  /**
   * Upper bound on the objective plus the sum of multipliers times conditions, if the matrix is positive semidefinite and the
   * values cancel.
   */
  readonly bound: Fraction
}

export const combine = (
  model: PerformanceEstimation<Fraction>,
  multipliers: ReadonlyMap<number, Fraction>,
): Combined => {
  const { conditions, objective } = model
  const values = new Map<number, Fraction>()
  const products = new Map<number, Fraction>()
  let bound = objective.constant
  const accumulate = (
    into: Map<number, Fraction>,
    from: ReadonlyMap<number, Fraction>,
    factor: Fraction,
  ) => {
    for (const [key, value] of from) {
      const sum = Rational.add(into.get(key) ?? Rational.zero, Rational.multiply(factor, value))
      if (Rational.isZero(sum)) into.delete(key)
      else into.set(key, sum)
    }
  }
  const minus = Rational.negate(Rational.one)
  accumulate(values, objective.values, minus)
  accumulate(products, objective.products, minus)
  for (const [index, multiplier] of multipliers) {
    const { expression } = conditions[index]!
    accumulate(values, expression.values, multiplier)
    accumulate(products, expression.products, multiplier)
    bound = Rational.subtract(bound, Rational.multiply(multiplier, expression.constant))
  }
  const matrix = model.vectors.map(() => model.vectors.map(() => Rational.zero))
  const half = Rational.make(1n, 2n)
  for (const [key, value] of products) {
    const [i, j] = unpair(key)
    const entry = i === j ? value : Rational.multiply(half, value)
    matrix[i]![j] = entry
    matrix[j]![i] = entry
  }
  return { values, matrix, bound }
}

/** Squares of a combination; undefined if it proves nothing. */
export const squares = ({ matrix, values }: Combined): Definite.Squares | undefined =>
  values.size > 0 ? undefined : Definite.squares(matrix)

/** Equations of the multipliers: coefficients by condition, and the right side. */
interface Equation {
  readonly coefficients: Map<number, Fraction>
  missing: Fraction
}

/** Row i of the symmetric matrix of an expression times a vector. */
const timesRow = (
  products: ReadonlyMap<number, Fraction>,
  i: number,
  vector: ReadonlyArray<Fraction>,
): Fraction => {
  const half = Rational.make(1n, 2n)
  let sum = Rational.zero
  vector.forEach((value, j) => {
    const entry = products.get(pair(i, j))
    if (entry === undefined || Rational.isZero(value)) return
    const product = Rational.multiply(entry, value)
    sum = Rational.add(sum, i === j ? product : Rational.multiply(half, product))
  })
  return sum
}

/** Requires that the values cancel, that the matrix is 0 on the kernel, and that the constant equals the bound, if given. */
const equations = (
  model: PerformanceEstimation<Fraction>,
  multipliers: ReadonlyMap<number, Fraction>,
  kernel: ReadonlyArray<ReadonlyArray<Fraction>>,
  bound: Fraction | undefined,
): ReadonlyArray<Equation> => {
  const equation = (
    of: (expression: Expression<Fraction>) => Fraction,
    beside: Fraction = Rational.zero,
  ): Equation => {
    const coefficients = new Map<number, Fraction>()
    let missing = Rational.subtract(of(model.objective), beside)
    for (const [k, multiplier] of multipliers) {
      const value = of(model.conditions[k]!.expression)
      if (Rational.isZero(value)) continue
      coefficients.set(k, value)
      missing = Rational.subtract(missing, Rational.multiply(value, multiplier))
    }
    return { coefficients, missing }
  }
  return [
    ...model.values.map((_, v) => equation(({ values }) => values.get(v) ?? Rational.zero)),
    ...kernel.flatMap((vector) =>
      model.vectors.map((_, i) => equation(({ products }) => timesRow(products, i, vector))),
    ),
    ...(bound === undefined ? [] : [equation(({ constant }) => constant, bound)]),
  ]
}

/**
 * Multipliers near the given ones whose values cancel exactly, and whose matrix is 0 on the kernel. If a bound is given they
 * prove it exactly. For each equation, the largest free multiplier takes the remainder. Undefined if one of them would become
 * negative, or if no multiplier is left.
 */
export const restore = (
  model: PerformanceEstimation<Fraction>,
  multipliers: ReadonlyMap<number, Fraction>,
  kernel: ReadonlyArray<ReadonlyArray<Fraction>>,
  bound?: Fraction,
): ReadonlyMap<number, Fraction> | undefined => {
  const out = new Map(multipliers)
  const order = [...multipliers.keys()].toSorted((a, b) =>
    Rational.compare(multipliers.get(b)!, multipliers.get(a)!),
  )
  const rows = equations(model, multipliers, kernel, bound)
  const basis: Array<readonly [row: number, column: number]> = []
  const open = new Set(rows.keys())
  for (const column of order) {
    const row = [...open].find((r) => rows[r]!.coefficients.has(column))
    if (row === undefined) continue
    open.delete(row)
    basis.push([row, column])
    eliminate(rows, row, column)
    if (open.size === 0) break
  }
  for (const r of open) if (!Rational.isZero(rows[r]!.missing)) return undefined
  for (const [row, column] of basis) {
    out.set(column, Rational.add(out.get(column)!, rows[row]!.missing))
  }
  for (const value of out.values()) if (value.numerator < 0n) return undefined
  return out
}

/** Makes the coefficient of a column 1 in one row and 0 in all others. */
const eliminate = (rows: ReadonlyArray<Equation>, row: number, column: number): void => {
  const pivot = rows[row]!
  const scale = pivot.coefficients.get(column)!
  for (const [key, value] of pivot.coefficients) {
    pivot.coefficients.set(key, Rational.divide(value, scale))
  }
  pivot.missing = Rational.divide(pivot.missing, scale)
  rows.forEach((other, r) => {
    const factor = other.coefficients.get(column)
    if (r === row || factor === undefined) return
    for (const [key, value] of pivot.coefficients) {
      const before = other.coefficients.get(key) ?? Rational.zero
      const next = Rational.subtract(before, Rational.multiply(factor, value))
      if (Rational.isZero(next)) other.coefficients.delete(key)
      else other.coefficients.set(key, next)
    }
    other.missing = Rational.subtract(other.missing, Rational.multiply(factor, pivot.missing))
  })
}
