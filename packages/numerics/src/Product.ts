/** Matrix products on parts of flat row-major arrays. */

/**
 * C = alpha A B + beta C for A m x k, B k x n, C m x n, each given by array, offset and row stride; C is not read if beta is 0.
 */
export const accumulate = (
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aAt: number,
  aStride: number,
  b: Float64Array,
  bAt: number,
  bStride: number,
  beta: number,
  c: Float64Array,
  cAt: number,
  cStride: number,
): void => {
  for (let i = 0; i < m; i++) {
    const to = cAt + i * cStride
    if (beta === 0) c.fill(0, to, to + n)
    else if (beta !== 1) for (let j = 0; j < n; j++) c[to + j] = beta * c[to + j]!
  }
  let i = 0
  for (; i + 2 <= m; i += 2) {
    const a0 = aAt + i * aStride
    const a1 = a0 + aStride
    const c0 = cAt + i * cStride
    const c1 = c0 + cStride
    let p = 0
    for (; p + 4 <= k; p += 4) {
      const x00 = alpha * a[a0 + p]!
      const x01 = alpha * a[a0 + p + 1]!
      const x02 = alpha * a[a0 + p + 2]!
      const x03 = alpha * a[a0 + p + 3]!
      const x10 = alpha * a[a1 + p]!
      const x11 = alpha * a[a1 + p + 1]!
      const x12 = alpha * a[a1 + p + 2]!
      const x13 = alpha * a[a1 + p + 3]!
      const b0 = bAt + p * bStride
      const b1 = b0 + bStride
      const b2 = b1 + bStride
      const b3 = b2 + bStride
      for (let j = 0; j < n; j++) {
        const y0 = b[b0 + j]!
        const y1 = b[b1 + j]!
        const y2 = b[b2 + j]!
        const y3 = b[b3 + j]!
        c[c0 + j] = c[c0 + j]! + (x00 * y0 + x01 * y1 + (x02 * y2 + x03 * y3))
        c[c1 + j] = c[c1 + j]! + (x10 * y0 + x11 * y1 + (x12 * y2 + x13 * y3))
      }
    }
    for (; p < k; p++) {
      const x0 = alpha * a[a0 + p]!
      const x1 = alpha * a[a1 + p]!
      const b0 = bAt + p * bStride
      for (let j = 0; j < n; j++) {
        c[c0 + j] = c[c0 + j]! + x0 * b[b0 + j]!
        c[c1 + j] = c[c1 + j]! + x1 * b[b0 + j]!
      }
    }
  }
  if (i < m) {
    for (let p = 0; p < k; p++) {
      const x0 = alpha * a[aAt + i * aStride + p]!
      const b0 = bAt + p * bStride
      const c0 = cAt + i * cStride
      for (let j = 0; j < n; j++) c[c0 + j] = c[c0 + j]! + x0 * b[b0 + j]!
    }
  }
}
