/** Orthonormal basis of the row space of a matrix, also for badly scaled or nearly dependent rows. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"

/** Rows of an affine space `<a_k, X> = b_k`, one after the other. */
interface Rows {
  readonly a: Float64Array
  readonly b: Float64Array
}

/** Relative size above which an eigenvalue of the Gram matrix has enough digits: squaring loses half of them. */
const reliable = 1e-6

/** Relative size to which rounding reduces a dependent row. */
const rounding = (count: number, size: number): number => 2 ** -50 * Math.max(count, size)

/**
 * Reduces the rows to at most as many as columns, by `Q' (A, b) = (R, Q' b)`; solutions and least-squares solutions stay the
 * same.
 */
const reduced = ({ a, b }: Rows, size: number, kernels: Kernels.Kernels): Rows => {
  const count = b.length
  if (count <= size) return { a, b }
  const width = size + 1
  const both = new Float64Array(count * width)
  for (let i = 0; i < count; i++) {
    both.set(a.subarray(i * size, (i + 1) * size), i * width)
    both[i * width + size] = b[i]!
  }
  kernels.qr(count, width, both, new Float64Array(width))
  const r = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    r.set(both.subarray(i * width + i, i * width + size), i * size + i)
  }
  return { a: r, b: Float64Array.from({ length: size }, (_, i) => both[i * width + size]!) }
}

/** Rows `first` to `last` - 1 of V times these rows, each divided by the root of its eigenvalue if `unit`. */
const combined = (
  { a, b }: Rows,
  { values, vectors }: SymmetricEigen.Eigen,
  [first, last]: readonly [number, number],
  unit: boolean,
  kernels: Kernels.Kernels,
): Rows => {
  const count = b.length
  const size = a.length / count
  const number = last - first
  const combination = vectors.slice(first * count, last * count)
  if (unit) {
    for (let k = 0; k < number; k++) {
      Vector.scale(
        1 / Math.sqrt(values[first + k]!),
        combination.subarray(k * count, (k + 1) * count),
      )
    }
  }
  const out = { a: new Float64Array(number * size), b: new Float64Array(number) }
  if (number === 0) return out
  kernels.gemm(false, false, number, size, count, 1, combination, a, 0, out.a)
  kernels.gemv(false, number, count, 1, combination, b, 0, out.b)
  return out
}

const gramEigen = ({ a, b }: Rows, size: number, kernels: Kernels.Kernels) => {
  const gram = new Float64Array(b.length * b.length)
  kernels.syrk(false, b.length, size, 1, a, 0, gram)
  return SymmetricEigen.eigen(gram, b.length, kernels)
}

/** Removes the components along orthonormal rows, and subtracts their contribution from the targets. */
const deflate = (rest: Rows, basis: Rows, size: number, kernels: Kernels.Kernels): void => {
  const [count, rank] = [rest.b.length, basis.b.length]
  const along = new Float64Array(count * rank)
  kernels.gemm(false, true, count, rank, size, 1, rest.a, basis.a, 0, along)
  kernels.gemm(false, false, count, size, rank, -1, along, basis.a, 1, rest.a)
  kernels.gemv(false, count, rank, -1, along, basis.b, 1, rest.b)
}

const joined = (first: Rows, second: Rows): Rows => {
  const out = {
    a: new Float64Array(first.a.length + second.a.length),
    b: new Float64Array(first.b.length + second.b.length),
  }
  out.a.set(first.a)
  out.a.set(second.a, first.a.length)
  out.b.set(first.b)
  out.b.set(second.b, first.b.length)
  return out
}

/**
 * Orthonormal rows with targets for the affine space of `rows`, whose norms are at most a few units. If that space is empty,
 * they describe the least-squares solutions.
 *
 * The method uses eigenvectors of the Gram matrix. Eigenvectors with small eigenvalues lose digits, so the remainder of their
 * rows is decomposed again until only rounding is left. A row counts as dependent only then.
 */
export const independentRows = (rows: Rows, size: number, kernels: Kernels.Kernels): Rows => {
  let rest = reduced(rows, size, kernels)
  let basis: Rows = { a: new Float64Array(0), b: new Float64Array(0) }
  let least = 0
  while (rest.b.length > 0) {
    const count = rest.b.length
    const pairs = gramEigen(rest, size, kernels)
    const largest = Math.sqrt(Math.max(0, pairs.values[count - 1]!))
    if (largest <= least) break
    if (least === 0) least = rounding(rows.b.length, size) * largest
    const first = pairs.values.findIndex((value) => value > reliable * largest * largest)
    basis = joined(basis, combined(rest, pairs, [first, count], true, kernels))
    rest = combined(rest, pairs, [0, first], false, kernels)
    if (first > 0) deflate(rest, basis, size, kernels)
  }
  const rank = basis.b.length
  if (rank === 0) return basis
  // what the roots of eigenvalues have lost; the second time there is nothing to lose
  return combined(basis, gramEigen(basis, size, kernels), [0, rank], true, kernels)
}
