/** The alignment and the effective rank of matrices of float64 numbers, in exact values. */
import { Exact } from "@nonconvex/evidence"

type Values = ReadonlyArray<Exact.Value>

const isZero = (square: Exact.Value): boolean => Exact.compare(square, Exact.zero) === 0

/** Cosine of the angle between two matrices with nonnegative inner products; 0 if one of them is zero. */
const exactAlignment = (a: Values, b: Values): Exact.Value => {
  const squares = Exact.multiply(Exact.dot(a, a), Exact.dot(b, b))
  // one root of the whole: of matrices that are tiny no float64 holds the parts
  return isZero(squares)
    ? Exact.zero
    : Exact.sqrt(Exact.divide(Exact.square(Exact.dot(a, b)), squares))
}

/** `tr(G)^2 / |G|^2` of a d x d matrix; 0 for a zero matrix. */
const exactEffectiveRank = (matrix: Values, d: number): Exact.Value => {
  const square = Exact.dot(matrix, matrix)
  const trace = Exact.sum(...matrix.filter((_entry, at) => at % (d + 1) === 0))
  return isZero(square) ? Exact.zero : Exact.divide(Exact.square(trace), square)
}

/** Compares a computed alignment with the alignment of the matrices. */
export const aligned = (
  found: number,
  a: Float64Array,
  b: Float64Array,
  tolerance: Exact.Tolerance,
): Exact.Compared =>
  Exact.near(Exact.computed(found), exactAlignment(Exact.vector(a), Exact.vector(b)), tolerance)

/** Compares a computed effective rank with the effective rank of the matrix. */
export const ranked = (
  found: number,
  matrix: Float64Array,
  d: number,
  tolerance: Exact.Tolerance,
): Exact.Compared =>
  Exact.near(Exact.computed(found), exactEffectiveRank(Exact.vector(matrix), d), tolerance)
