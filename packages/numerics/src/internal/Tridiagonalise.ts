/**
 * Householder reduction of a real symmetric matrix to tridiagonal form, and the way back for eigenvectors.
 *
 * Source: Martin, Reinsch and Wilkinson (1968), rows from the last to the first so that every loop runs along a row. Added
 * here: the rank-two update of a step is merged with the product of the next one, so that each step passes over the matrix
 * once.
 */
import type { Workspace } from "../Workspace.ts"
import type { SpectralKernels } from "../kernels/SpectralKernels.ts"
import * as Vector from "../Vector.ts"

/** C = alpha A op(B) + beta C for matrices that begin their arrays, each followed by its elements from row to row: see `product`. */
export const multiply = (
  { product }: SpectralKernels,
  transposeB: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  lda: number,
  b: Float64Array,
  ldb: number,
  beta: number,
  c: Float64Array,
  ldc: number,
): void => product(false, transposeB, m, n, k, alpha, a, 0, lda, b, 0, ldb, beta, c, 0, ldc)

/** Length below which, relative to a largest entry of about 1, a row counts as zero and its reflection would overflow. */
const negligible = 1e-290
const blockSize = 24

/**
 * In place on the lower triangle of row-major `a` (n x n), with entries scaled to at most about 1. T = Q^T A Q has `diagonal` (n)
 * and `off` (n - 1).
 *
 * Q = H_{n-1} ... H_1, H_k = I - tau[k] v v^T, where v is a[k][0 .. k-1] afterwards and its last coordinate is 1.
 */
export const reduce = (
  a: Float64Array,
  n: number,
  diagonal: Float64Array,
  off: Float64Array,
  tau: Float64Array,
  space: Workspace,
  kernels: SpectralKernels,
): void => {
  if (n === 0) return
  const work = space.f64(5 * n)
  // The pending update reads one pair v, w while the step makes the next.
  let v = 0
  let w = n
  let u = 2 * n
  let p = 3 * n
  for (let k = n - 1; k > 0; k--) {
    const row = k * n
    const vk = work[v + k]!
    const wk = work[w + k]!
    diagonal[k] = a[row + k]! - 2 * vk * wk
    for (let j = 0; j < k; j++) {
      work[u + j] = a[row + j]! - (vk * work[w + j]! + wk * work[v + j]!)
    }
    off[k - 1] = reflection(work, u, k, tau)
    for (let j = 0; j < k; j++) a[row + j] = work[u + j]!
    kernels.symmetricStep(n, k, a, work, u, v, w, p)
    const t = tau[k]!
    let inner = 0
    for (let j = 0; j < k; j++) inner += work[p + j]! * work[u + j]!
    const half = 0.5 * t * t * inner
    for (let j = 0; j < k; j++) work[p + j] = t * work[p + j]! - half * work[u + j]!
    const free = w
    const spare = v
    v = u
    w = p
    u = spare
    p = free
  }
  diagonal[0] = a[0]! - 2 * work[v]! * work[w]!
}

/** Numbers of workspace that `reduce` and `back` need. */
export const doubles = (n: number, count: number): number =>
  5 * n + blockSize * (n + blockSize + 2 * count)

/** Turns the row of length k at `u` into its Householder vector, sets tau[k], returns the entry that remains. */
const reflection = (work: Float64Array, u: number, k: number, tau: Float64Array): number => {
  const alpha = work[u + k - 1]!
  let rest = 0
  for (let j = 0; j < k - 1; j++) rest += work[u + j]! * work[u + j]!
  const squares = rest + alpha * alpha
  const length = squares > 1e-280 ? Math.sqrt(squares) : Vector.norm(work.subarray(u, u + k))
  // The length alone does not tell: it is |alpha| also where the rest is 1e-8 of that.
  if ((rest === 0 && length === Math.abs(alpha)) || length < negligible) {
    work.fill(0, u, u + k)
    work[u + k - 1] = 1
    tau[k] = 0
    return length < negligible ? 0 : alpha
  }
  const beta = alpha < 0 ? length : -length
  const factor = 1 / (alpha - beta)
  for (let j = 0; j < k - 1; j++) work[u + j] = work[u + j]! * factor
  work[u + k - 1] = 1
  tau[k] = (beta - alpha) / beta
  return beta
}

/**
 * Turns the eigenvectors of T, the first `count` rows of `z` (row stride n), into those of A, in place. Each row s becomes Q s.
 *
 * `a` and `tau` are as `reduce` left them. Reflections go in blocks I - V^T T V (Schreiber and Van Loan 1989).
 */
export const back = (
  a: Float64Array,
  n: number,
  tau: Float64Array,
  z: Float64Array,
  count: number,
  space: Workspace,
  kernels: SpectralKernels,
): void => {
  const v = space.f64(blockSize * n)
  const t = space.f64(blockSize * blockSize)
  const first = space.f64(count * blockSize)
  const second = space.f64(count * blockSize)
  for (let from = 1; from < n; from += blockSize) {
    const size = Math.min(blockSize, n - from)
    const width = from + size - 1
    for (let r = 0; r < size; r++) {
      const k = from + r
      for (let j = 0; j < k; j++) v[r * width + j] = a[k * n + j]!
      v.fill(0, r * width + k, (r + 1) * width)
    }
    triangularFactor(v, width, size, tau, from, t)
    multiply(kernels, true, count, size, width, 1, z, n, v, width, 0, first, size)
    multiply(kernels, false, count, size, size, 1, first, size, t, size, 0, second, size)
    multiply(kernels, false, count, width, size, -1, second, size, v, width, 1, z, n)
  }
}

/** The upper triangular T (size x size, row-major) with H_from H_from+1 ... = I - V^T T V, rows of V the Householder vectors. */
const triangularFactor = (
  v: Float64Array,
  width: number,
  size: number,
  tau: Float64Array,
  from: number,
  t: Float64Array,
): void => {
  t.fill(0, 0, size * size)
  const products = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const scale = tau[from + i]!
    t[i * size + i] = scale
    for (let j = 0; j < i; j++) {
      let sum = 0
      const end = j * width + from + j
      for (let l = j * width, r = i * width; l < end; l++, r++) sum += v[l]! * v[r]!
      products[j] = -scale * sum
    }
    for (let j = 0; j < i; j++) {
      let sum = 0
      for (let l = j; l < i; l++) sum += t[j * size + l]! * products[l]!
      t[j * size + i] = sum
    }
  }
}
