/**
 * Steps of Householder tridiagonalisation: the twins of `assembly/spectral.ts`.
 *
 * Sums along a row run in two accumulators, even and odd columns, added at the end; the diagonal comes last.
 */

/**
 * A -= v w^T + w v^T and p = A u with the new A, on the leading k rows of the lower triangle of row-major `a` with n elements a
 * row. u, v, w and p are offsets into `work`.
 */
export const symmetricStep = (
  n: number,
  k: number,
  a: Float64Array,
  work: Float64Array,
  u: number,
  v: number,
  w: number,
  p: number,
): void => {
  for (let j = 0; j < k; j++) work[p + j] = 0
  let i = 0
  for (; i + 2 <= k; i += 2) {
    const r0 = i * n
    const r1 = r0 + n
    const v0 = work[v + i]!
    const v1 = work[v + i + 1]!
    const w0 = work[w + i]!
    const w1 = work[w + i + 1]!
    const u0 = work[u + i]!
    const u1 = work[u + i + 1]!
    let even0 = 0
    let even1 = 0
    let odd0 = 0
    let odd1 = 0
    for (let j = 0; j < i; j += 2) {
      const vj = work[v + j]!
      const wj = work[w + j]!
      const uj = work[u + j]!
      const vk = work[v + j + 1]!
      const wk = work[w + j + 1]!
      const uk = work[u + j + 1]!
      const a00 = a[r0 + j]! - (v0 * wj + w0 * vj)
      const a01 = a[r0 + j + 1]! - (v0 * wk + w0 * vk)
      const a10 = a[r1 + j]! - (v1 * wj + w1 * vj)
      const a11 = a[r1 + j + 1]! - (v1 * wk + w1 * vk)
      a[r0 + j] = a00
      a[r0 + j + 1] = a01
      a[r1 + j] = a10
      a[r1 + j + 1] = a11
      even0 += a00 * uj
      odd0 += a01 * uk
      even1 += a10 * uj
      odd1 += a11 * uk
      work[p + j] = work[p + j]! + (a00 * u0 + a10 * u1)
      work[p + j + 1] = work[p + j + 1]! + (a01 * u0 + a11 * u1)
    }
    const d0 = a[r0 + i]! - 2 * v0 * w0
    const c = a[r1 + i]! - (v1 * w0 + w1 * v0)
    const d1 = a[r1 + i + 1]! - 2 * v1 * w1
    a[r0 + i] = d0
    a[r1 + i] = c
    a[r1 + i + 1] = d1
    work[p + i] = work[p + i]! + (even0 + odd0) + d0 * u0 + c * u1
    work[p + i + 1] = work[p + i + 1]! + (even1 + odd1) + c * u0 + d1 * u1
  }
  if (i < k) {
    const row = i * n
    const vi = work[v + i]!
    const wi = work[w + i]!
    const ui = work[u + i]!
    let even = 0
    let odd = 0
    for (let j = 0; j < i; j += 2) {
      const first = a[row + j]! - (vi * work[w + j]! + wi * work[v + j]!)
      const second = a[row + j + 1]! - (vi * work[w + j + 1]! + wi * work[v + j + 1]!)
      a[row + j] = first
      a[row + j + 1] = second
      even += first * work[u + j]!
      odd += second * work[u + j + 1]!
      work[p + j] = work[p + j]! + first * ui
      work[p + j + 1] = work[p + j + 1]! + second * ui
    }
    const d = a[row + i]! - 2 * vi * wi
    a[row + i] = d
    work[p + i] = work[p + i]! + (even + odd) + d * ui
  }
}

/**
 * The step for a Hermitian matrix with parts `re` and `im`: A -= v w^H + w v^H, p = A u. Imaginary parts of the vectors lie n
 * elements behind the real ones; the diagonal of `im` is not read.
 */
export const hermitianStep = (
  n: number,
  k: number,
  re: Float64Array,
  im: Float64Array,
  work: Float64Array,
  u: number,
  v: number,
  w: number,
  p: number,
): void => {
  for (let j = 0; j < k; j++) {
    work[p + j] = 0
    work[p + n + j] = 0
  }
  for (let i = 0; i < k; i++) {
    const row = i * n
    const xr = work[v + i]!
    const xi = work[v + n + i]!
    const yr = work[w + i]!
    const yi = work[w + n + i]!
    const zr = work[u + i]!
    const zi = work[u + n + i]!
    let evenR = 0
    let evenI = 0
    let oddR = 0
    let oddI = 0
    for (let j = 0; j < i; j++) {
      const cr = work[w + j]!
      const ci = work[w + n + j]!
      const br = work[v + j]!
      const bi = work[v + n + j]!
      const ar = re[row + j]! - (xr * cr + xi * ci + (yr * br + yi * bi))
      const ai = im[row + j]! - (xi * cr - xr * ci + (yi * br - yr * bi))
      re[row + j] = ar
      im[row + j] = ai
      const er = work[u + j]!
      const ei = work[u + n + j]!
      // The sums so far change places at every column: even and odd columns take turns.
      const sumR = evenR + (ar * er - ai * ei)
      const sumI = evenI + (ar * ei + ai * er)
      evenR = oddR
      evenI = oddI
      oddR = sumR
      oddI = sumI
      work[p + j] = work[p + j]! + (ar * zr + ai * zi)
      work[p + n + j] = work[p + n + j]! + (ar * zi - ai * zr)
    }
    const d = re[row + i]! - 2 * (xr * yr + xi * yi)
    re[row + i] = d
    work[p + i] = work[p + i]! + (evenR + oddR) + d * zr
    work[p + n + i] = work[p + n + i]! + (evenI + oddI) + d * zi
  }
}
