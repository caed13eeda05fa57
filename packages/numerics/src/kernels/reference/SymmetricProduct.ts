/** Matrix times vector from one triangle: the twin in `assembly/spectral.ts`. */

/**
 * y = A x + c (A x without c) from the lower triangle of the symmetric row-major `a` (n x n), four rows at a time. First the part
 * left of the diagonal block is summed in two accumulators for even and odd columns, and added to c. Then the block follows, row
 * by row.
 */
export const symmetricProduct = (
  n: number,
  a: Float64Array,
  x: Float64Array,
  y: Float64Array,
  c?: Float64Array,
): void => {
  let i = 0
  for (; i + 4 <= n; i += 4) {
    const r0 = i * n
    const r1 = r0 + n
    const r2 = r1 + n
    const r3 = r2 + n
    const x0 = x[i]!
    const x1 = x[i + 1]!
    const x2 = x[i + 2]!
    const x3 = x[i + 3]!
    let even0 = 0
    let even1 = 0
    let even2 = 0
    let even3 = 0
    let odd0 = 0
    let odd1 = 0
    let odd2 = 0
    let odd3 = 0
    for (let j = 0; j < i; j++) {
      const a0 = a[r0 + j]!
      const a1 = a[r1 + j]!
      const a2 = a[r2 + j]!
      const a3 = a[r3 + j]!
      const xj = x[j]!
      // Even and odd columns take turns: the sums change places.
      const sum0 = even0 + a0 * xj
      const sum1 = even1 + a1 * xj
      const sum2 = even2 + a2 * xj
      const sum3 = even3 + a3 * xj
      even0 = odd0
      even1 = odd1
      even2 = odd2
      even3 = odd3
      odd0 = sum0
      odd1 = sum1
      odd2 = sum2
      odd3 = sum3
      y[j] = y[j]! + (a0 * x0 + a1 * x1 + (a2 * x2 + a3 * x3))
    }
    y[i] = c === undefined ? even0 + odd0 : c[i]! + (even0 + odd0)
    y[i + 1] = c === undefined ? even1 + odd1 : c[i + 1]! + (even1 + odd1)
    y[i + 2] = c === undefined ? even2 + odd2 : c[i + 2]! + (even2 + odd2)
    y[i + 3] = c === undefined ? even3 + odd3 : c[i + 3]! + (even3 + odd3)
    corner(4, a, r0 + i, n, x, y, i)
  }
  for (let r = i; r < n; r++) {
    let even = 0
    let odd = 0
    for (let j = 0; j < i; j += 2) {
      const first = a[r * n + j]!
      const second = a[r * n + j + 1]!
      even += first * x[j]!
      odd += second * x[j + 1]!
      y[j] = y[j]! + first * x[r]!
      y[j + 1] = y[j + 1]! + second * x[r]!
    }
    y[r] = c === undefined ? even + odd : c[r]! + (even + odd)
  }
  corner(n - i, a, i * n + i, n, x, y, i)
}

/** y += A x for the lower triangle of a small symmetric block at `at`, whose first row and column are `first`. */
const corner = (
  rows: number,
  a: Float64Array,
  at: number,
  stride: number,
  x: Float64Array,
  y: Float64Array,
  first: number,
): void => {
  for (let r = 0; r < rows; r++) {
    const xr = x[first + r]!
    let sum = y[first + r]!
    for (let c = 0; c < r; c++) {
      const value = a[at + r * stride + c]!
      sum += value * x[first + c]!
      y[first + c] = y[first + c]! + value * xr
    }
    y[first + r] = sum + a[at + r * stride + r]! * xr
  }
}
