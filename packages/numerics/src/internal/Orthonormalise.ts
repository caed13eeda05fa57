/** Orthonormal bases of blocks of vectors. */
import * as Vector from "../Vector.ts"

/** Remaining relative length below which a vector counts as a combination of the previous ones, up to rounding. */
const dependent = 2 ** -44

/** The vectors of a block as views: vector j is the j-th run of n elements. */
export const views = (block: Float64Array, n: number, count: number): Array<Float64Array> =>
  Array.from({ length: count }, (_, j) => block.subarray(j * n, (j + 1) * n))

/**
 * Orthonormalises vectors in place (Gram-Schmidt, twice) and moves the independent ones to the front; returns their number.
 *
 * `against` are orthonormal vectors to which the result is orthogonal too. `coefficients` (count x count, row-major), if given,
 * becomes R with Y = Q R. Column j has the coefficients of vector j.
 */
export const orthonormalise = (
  vectors: Array<Float64Array>,
  against: ReadonlyArray<Float64Array> = [],
  coefficients?: Float64Array,
): number => {
  const count = vectors.length
  let rank = 0
  coefficients?.fill(0)
  for (let j = 0; j < count; j++) {
    const v = vectors[j]!
    const before = Vector.norm(v)
    if (before === 0) continue
    for (let pass = 0; pass < 2; pass++) {
      for (const q of against) Vector.axpy(-Vector.dot(q, v), q, v)
      for (let i = 0; i < rank; i++) {
        const c = Vector.dot(vectors[i]!, v)
        Vector.axpy(-c, vectors[i]!, v)
        if (coefficients !== undefined) {
          coefficients[i * count + j] = coefficients[i * count + j]! + c
        }
      }
    }
    const length = Vector.norm(v)
    if (length <= dependent * before) continue
    Vector.normalise(v)
    if (coefficients !== undefined) coefficients[rank * count + j] = length
    if (rank < j) {
      ;[vectors[rank], vectors[j]] = [v, vectors[rank]!]
    }
    rank++
  }
  return rank
}
