/**
 * Squares with few digits that sum to a positive semidefinite matrix: exact elimination multiplies digits with the order, and a
 * program that reads a proof pays for each of them.
 */
import * as Rational from "@nonconvex/numerics/Rational"
import * as Definite from "./Definite.ts"

type Fraction = Rational.Rational
type Matrix = ReadonlyArray<ReadonlyArray<Fraction>>

/** Binary digits of a row, in the order of trial. */
const precisions = [40, 72, 136, 264]

/** Binary digits by which the sum of all roundings exceeds one of them, for orders up to 64. */
const reserve = 20

const powerOfTwo = (exponent: number): Fraction =>
  exponent < 0
    ? { numerator: 1n, denominator: 1n << BigInt(-exponent) }
    : { numerator: 1n << BigInt(exponent), denominator: 1n }

/** Exponent of a power of two near a positive fraction. */
const exponentOf = ({ denominator, numerator }: Fraction): number =>
  Rational.bitsOf(numerator) - Rational.bitsOf(denominator)

/** The largest multiple of a power of two that is at most a fraction. */
const roundDown = (value: Fraction, exponent: number): Fraction => {
  const { denominator, numerator } = Rational.multiply(value, powerOfTwo(-exponent))
  const quotient = numerator / denominator
  const floor = numerator % denominator < 0n ? quotient - 1n : quotient
  return Rational.multiply({ numerator: floor, denominator: 1n }, powerOfTwo(exponent))
}

const sum = (terms: Iterable<Fraction>): Fraction => {
  let total = Rational.zero
  for (const term of terms) total = Rational.add(total, term)
  return total
}

/** Index at which each row of an elimination begins: that of its pivot, where all later rows are 0. */
const pivotsOf = ({ rows }: Definite.Squares): ReadonlyArray<number> =>
  rows.map((row, r) =>
    row.findIndex(
      (value, i) =>
        !Rational.isZero(value) && rows.slice(r + 1).every((later) => Rational.isZero(later[i]!)),
    ),
  )

/** Reduced row echelon form of the rows of the squares: a basis of their span, in the order of the pivots. */
const spanning = (
  { rows }: Definite.Squares,
  pivots: ReadonlyArray<number>,
): ReadonlyArray<ReadonlyArray<Fraction>> => {
  const isPivot = new Set(pivots)
  const out = rows.map((row, r) => row.map((value) => Rational.divide(value, row[pivots[r]!]!)))
  // reduced row echelon form, from the last pivot to the first
  for (let r = out.length - 1; r >= 0; r--) {
    for (let later = r + 1; later < out.length; later++) {
      const factor = out[r]![pivots[later]!]!
      if (Rational.isZero(factor)) continue
      out[r] = out[r]!.map((value, i) =>
        isPivot.has(i) && i !== pivots[later]
          ? value
          : Rational.subtract(value, Rational.multiply(factor, out[later]![i]!)),
      )
    }
  }
  return out
}

/** Squares of a positive definite matrix whose rows are rounded to a number of binary digits; undefined if that number is too small. */
const rounded = (matrix: Matrix, digits: number): Definite.Squares | undefined => {
  const shifted = matrix.map((row, i) =>
    row.map((value, j) =>
      i === j ? Rational.subtract(value, powerOfTwo(exponentOf(value) + reserve - digits)) : value,
    ),
  )
  const exact = Definite.squares(shifted)
  if (exact === undefined || exact.rows.length < matrix.length) return undefined
  const rows = exact.rows.map((row, r) =>
    row.map((value) => roundDown(Rational.divide(value, row[r]!), -digits)),
  )
  const weights = exact.weights.map((weight, r) => {
    const pivot = exact.rows[r]![r]!
    const value = Rational.multiply(weight, Rational.multiply(pivot, pivot))
    return roundDown(value, exponentOf(value) - digits)
  })
  const rest = matrix.map((row, i) =>
    row.map((value, j) =>
      Rational.subtract(
        value,
        sum(
          weights.map((w, r) =>
            Rational.multiply(w, Rational.multiply(rows[r]![i]!, rows[r]![j]!)),
          ),
        ),
      ),
    ),
  )
  // what is left is the shift up to roundings: scaled to a diagonal of 1, it exceeds the other entries of its row
  const exponents = matrix.map((row, i) => exponentOf(row[i]!))
  const left = rest.map((row, i) => row[i]!)
  const add = (
    weight: Fraction,
    entries: ReadonlyArray<readonly [index: number, entry: Fraction]>,
  ) => {
    const row = matrix.map(() => Rational.zero)
    for (const [i, entry] of entries) {
      row[i] = entry
      left[i] = Rational.subtract(
        left[i]!,
        Rational.multiply(weight, Rational.multiply(entry, entry)),
      )
    }
    weights.push(weight)
    rows.push(row)
  }
  rest.forEach((row, i) => {
    row.slice(0, i).forEach((value, j) => {
      if (Rational.isZero(value)) return
      const scale = Math.round((exponents[i]! - exponents[j]!) / 4)
      const other = powerOfTwo(-scale)
      const isNegative = value.numerator < 0n
      add(isNegative ? Rational.negate(value) : value, [
        [i, powerOfTwo(scale)],
        [j, isNegative ? Rational.negate(other) : other],
      ])
    })
  })
  for (const [i, excess] of left.entries()) {
    if (excess.numerator < 0n) return undefined
    if (!Rational.isZero(excess)) add(excess, [[i, Rational.one]])
  }
  return { weights, rows }
}

/**
 * Squares with few digits that sum to a positive semidefinite matrix, from those of an exact elimination. If none are found, it returns the
 * given squares. The rows are rounded, so the remainder is a diagonally dominant matrix.
 */
export const shortSquares = (matrix: Matrix, exact: Definite.Squares): Definite.Squares => {
  const pivots = pivotsOf(exact)
  const definite = pivots.map((i) => pivots.map((j) => matrix[i]![j]!))
  for (const digits of precisions) {
    const found = rounded(definite, digits)
    if (found === undefined) continue
    const vectors = spanning(exact, pivots)
    return {
      weights: found.weights,
      rows: found.rows.map((row) =>
        matrix.map((_, i) => sum(row.map((value, r) => Rational.multiply(value, vectors[r]![i]!)))),
      ),
    }
  }
  return exact
}
