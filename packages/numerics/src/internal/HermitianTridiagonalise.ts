/**
 * Householder reduction of a complex Hermitian matrix to real tridiagonal form; HermitianBack is the way back.
 *
 * Real and imaginary parts are separate row-major arrays. As Tridiagonalise, with the complex reflections of LAPACK's zlarfg,
 * which leave a real off-diagonal: H_k = I - tau v v^H with complex tau and Q = H_{n-1} ... H_1.
 */
import type { Workspace } from "../Workspace.ts"
import * as Elementary from "../Elementary.ts"
import type { SpectralKernels } from "../kernels/SpectralKernels.ts"

const negligible = 1e-145

/** Numbers of workspace that `reduce` needs. */
export const doubles = (n: number): number => 10 * n

/**
 * In place on the lower triangles of `re` and `im` (n x n), with entries scaled to at most about 1. The diagonal of `im` is not
 * read.
 *
 * T = Q^H A Q has `diagonal` (n) and `off` (n - 1). Row k of `re`, `im` then holds v, with last coordinate 1; `tau` (2 n) holds
 * the real parts of tau, then the imaginary parts.
 */
export const reduce = (
  re: Float64Array,
  im: Float64Array,
  n: number,
  diagonal: Float64Array,
  off: Float64Array,
  tau: Float64Array,
  space: Workspace,
  kernels: SpectralKernels,
): void => {
  if (n === 0) return
  const work = space.f64(10 * n)
  // Two sets of v and w take turns: the pending update reads one while the step writes the other.
  let pending = 0
  let current = 4 * n
  const p = 8 * n
  for (let k = n - 1; k > 0; k--) {
    const row = k * n
    const vr = pending
    const vi = vr + n
    const wr = vi + n
    const wi = wr + n
    const xr = work[vr + k]!
    const xi = work[vi + k]!
    const yr = work[wr + k]!
    const yi = work[wi + k]!
    diagonal[k] = re[row + k]! - 2 * (xr * yr + xi * yi)
    const ur = current
    const ui = ur + n
    for (let j = 0; j < k; j++) {
      const a =
        re[row + j]! -
        (xr * work[wr + j]! + xi * work[wi + j]! + yr * work[vr + j]! + yi * work[vi + j]!)
      const b =
        im[row + j]! -
        (xi * work[wr + j]! - xr * work[wi + j]! + yi * work[vr + j]! - yr * work[vi + j]!)
      // The column that the reflection acts on is the conjugate of the row.
      work[ur + j] = a
      work[ui + j] = -b
    }
    off[k - 1] = reflection(work, ur, ui, k, tau, n)
    for (let j = 0; j < k; j++) {
      re[row + j] = work[ur + j]!
      im[row + j] = work[ui + j]!
    }
    kernels.hermitianStep(n, k, re, im, work, ur, vr, wr, p)
    finish(work, current, p, k, tau[k]!, tau[n + k]!, n)
    const free = pending
    pending = current
    current = free
  }
  const last = pending
  diagonal[0] =
    re[0]! - 2 * (work[last]! * work[last + 2 * n]! + work[last + n]! * work[last + 3 * n]!)
}

/** Turns the vector at (ur, ui) into its Householder vector, sets tau[k], returns the real entry that remains. */
const reflection = (
  work: Float64Array,
  ur: number,
  ui: number,
  k: number,
  tau: Float64Array,
  n: number,
): number => {
  const alpha = work[ur + k - 1]!
  const beta = work[ui + k - 1]!
  let rest = 0
  for (let j = 0; j < k - 1; j++) {
    rest += work[ur + j]! * work[ur + j]! + work[ui + j]! * work[ui + j]!
  }
  let length = Math.sqrt(rest + (alpha * alpha + beta * beta))
  if (length < negligible) length = scaledLength(work, ur, ui, k)
  // The length alone does not tell: it is |alpha| also where all else is 1e-8 of that.
  const isReduced = rest === 0 && beta === 0 && length === Math.abs(alpha)
  if (isReduced || length < negligible * negligible) {
    work.fill(0, ur, ur + k)
    work.fill(0, ui, ui + k)
    work[ur + k - 1] = 1
    tau[k] = 0
    tau[n + k] = 0
    return isReduced ? alpha : 0
  }
  const value = alpha < 0 ? length : -length
  tau[k] = (value - alpha) / value
  tau[n + k] = -beta / value
  const dr = alpha - value
  // 1 / (dr + i beta) by Smith's rule: |dr| >= |beta|.
  const ratio = beta / dr
  const inverse = 1 / (dr + beta * ratio)
  const gr = inverse
  const gi = -ratio * inverse
  for (let j = 0; j < k - 1; j++) {
    const r = work[ur + j]!
    const i = work[ui + j]!
    work[ur + j] = r * gr - i * gi
    work[ui + j] = r * gi + i * gr
  }
  work[ur + k - 1] = 1
  work[ui + k - 1] = 0
  return value
}

/** The length of the vector at (ur, ui), safe from underflow. */
const scaledLength = (work: Float64Array, ur: number, ui: number, k: number): number => {
  let largest = 0
  for (let j = 0; j < k; j++) {
    largest = Math.max(largest, Math.abs(work[ur + j]!), Math.abs(work[ui + j]!))
  }
  if (largest === 0) return 0
  let sum = 0
  for (let j = 0; j < k; j++)
    sum += Elementary.square(work[ur + j]! / largest) + Elementary.square(work[ui + j]! / largest)
  return largest * Math.sqrt(sum)
}

/** w = tau p - (tau / 2) ((tau p)^H u) u, behind u. */
const finish = (
  work: Float64Array,
  u: number,
  p: number,
  k: number,
  tr: number,
  ti: number,
  n: number,
): void => {
  const ui = u + n
  const w = ui + n
  const wi = w + n
  let gr = 0
  let gi = 0
  for (let j = 0; j < k; j++) {
    const pr = work[p + j]!
    const pj = work[p + n + j]!
    const a = tr * pr - ti * pj
    const b = tr * pj + ti * pr
    work[w + j] = a
    work[wi + j] = b
    gr += a * work[u + j]! + b * work[ui + j]!
    gi += a * work[ui + j]! - b * work[u + j]!
  }
  const hr = -0.5 * (tr * gr - ti * gi)
  const hi = -0.5 * (tr * gi + ti * gr)
  for (let j = 0; j < k; j++) {
    const r = work[u + j]!
    const i = work[ui + j]!
    work[w + j] = work[w + j]! + (hr * r - hi * i)
    work[wi + j] = work[wi + j]! + (hr * i + hi * r)
  }
}
