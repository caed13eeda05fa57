/** Positive semidefiniteness of symmetric matrices of fractions, in integer arithmetic alone. */
import * as Rational from "@nonconvex/numerics/Rational"

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a, b]
  while (y > 0n) [x, y] = [y, x % y]
  return x
}

/** Maximum number of binary digits of an integer in the last step: without a limit, a small file could take an hour. */
const mostBits = 2 ** 18

const bitsOf = (x: bigint): number => 4 * x.toString(16).length

/** Tests whether `squares` takes no more than seconds, by the order times the binary digits of the entries over one denominator. */
export const isShort = (matrix: ReadonlyArray<ReadonlyArray<Rational.Rational>>): boolean => {
  let [common, most] = [1n, 1]
  for (const row of matrix) {
    for (const { denominator, numerator } of row) {
      common = (common / gcd(common, denominator)) * denominator
      most = Math.max(most, bitsOf(numerator))
      if (matrix.length * (most + bitsOf(common)) > mostBits) return false
    }
  }
  return true
}

/** A = sum over pivots of weight (row row^T), with positive weights. */
export interface Squares {
  readonly weights: ReadonlyArray<Rational.Rational>
  /** One row for each weight, with as many numbers as the order. */
  readonly rows: ReadonlyArray<ReadonlyArray<Rational.Rational>>
}

/**
 * Squares that sum to a positive semidefinite matrix; undefined if the matrix is not positive semidefinite. It computes L D L^T
 * by exact divisions, with the first nonzero diagonal entry as pivot (Bareiss, Sylvester's identity and multistep
 * integer-preserving Gaussian elimination, 1968). If all diagonal entries are 0, the remainder must be 0.
 */
export const squares = (
  matrix: ReadonlyArray<ReadonlyArray<Rational.Rational>>,
): Squares | undefined => {
  const n = matrix.length
  let common = 1n
  for (const row of matrix) {
    for (const { denominator } of row) common = (common / gcd(common, denominator)) * denominator
  }
  const a = matrix.map((row) =>
    row.map(({ denominator, numerator }) => numerator * (common / denominator)),
  )
  const left = new Set(a.keys())
  const weights: Array<Rational.Rational> = []
  const rows: Array<ReadonlyArray<Rational.Rational>> = []
  let before = 1n
  for (;;) {
    const k = [...left].find((i) => a[i]![i]! !== 0n)
    if (k === undefined) break
    const pivot = a[k]![k]!
    if (pivot < 0n) return undefined
    // the complement is a / before, and what the pivot takes of it is row row^T / pivot / before
    weights.push(Rational.make(1n, pivot * before * common))
    rows.push(
      Array.from({ length: n }, (_, i) =>
        left.has(i) ? Rational.make(a[i]![k]!, 1n) : Rational.zero,
      ),
    )
    left.delete(k)
    for (const i of left) {
      for (const j of left) {
        if (j > i) continue
        const value = (pivot * a[i]![j]! - a[i]![k]! * a[j]![k]!) / before
        a[i]![j] = value
        a[j]![i] = value
      }
    }
    before = pivot
  }
  for (const i of left) for (const j of left) if (a[i]![j]! !== 0n) return undefined
  return { weights, rows }
}
