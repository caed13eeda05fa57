/** Following eigenvectors of an operator that moves: the vectors of now in the order and with the signs of before. */
import { invalid } from "./InvalidInput.ts"
import * as Require from "./Require.ts"
import * as Vector from "./Vector.ts"

/** Eigenpairs in the order of earlier ones. */
interface Tracked {
  readonly values: Float64Array
  /** Vector j follows vector j of before; vector j is `vectors.subarray(j * n, (j + 1) * n)`. */
  readonly vectors: Float64Array
  /** The inner product with the vector of before, not negative: near 1 where the identity is clear, small where it was lost. */
  readonly overlaps: Float64Array
  /** order[j] is the number, among the vectors of now, of the one that follows j. */
  readonly order: Uint32Array
}

/**
 * Pairs the eigenvectors of now with those of before by their overlaps, the largest first, and turns their signs to agree.
 *
 * Both are orthonormal vectors of length `dimension`, one after the other, as many as there are `values`. Where eigenvalues cross
 * or come close, the vectors turn within their common space and overlaps fall below 1: compare the spaces there. Throws
 * InvalidInput on wrong lengths.
 */
export const follow = (
  before: Float64Array,
  values: Float64Array,
  vectors: Float64Array,
  dimension: number,
): Tracked => {
  const count = values.length
  Require.count("Tracking.follow", "dimension", dimension, 0)
  Require.length("Tracking.follow", "vectors", vectors.length, count * dimension)
  Require.length("Tracking.follow", "before", before.length, count * dimension)
  if (count > dimension) {
    invalid("Tracking.follow", "more vectors than dimensions", { count, dimension })
  }
  const view = (of: Float64Array, j: number) => of.subarray(j * dimension, (j + 1) * dimension)
  const pairs = Array.from({ length: count * count }, (_, at) => {
    const [from, to] = [Math.floor(at / count), at % count]
    return { from, to, overlap: Vector.dot(view(before, from), view(vectors, to)) }
  })
  const best = pairs.toSorted((p, q) => Math.abs(q.overlap) - Math.abs(p.overlap))
  const order = new Uint32Array(count)
  const overlaps = new Float64Array(count)
  const out = new Float64Array(count * dimension)
  const [placed, taken] = [new Set<number>(), new Set<number>()]
  for (const { from, to, overlap } of best) {
    if (placed.has(from) || taken.has(to)) continue
    placed.add(from)
    taken.add(to)
    order[from] = to
    overlaps[from] = Math.abs(overlap)
    out.set(view(vectors, to), from * dimension)
    if (overlap < 0) Vector.scale(-1, view(out, from))
  }
  return { values: Float64Array.from(order, (to) => values[to]!), vectors: out, overlaps, order }
}
