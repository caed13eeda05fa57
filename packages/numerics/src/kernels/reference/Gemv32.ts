/** Matrix times vector in float32: the twin of `assembly/gemv.ts` over f32; every operation is rounded to float32. */
import type { Twin } from "./Gemv.ts"

const fround = Math.fround

/** y = alpha A x + beta y; element j of a row goes to accumulator j mod 8, (s_l + s_{l+4}) are summed as ((0+1)+(2+3)). */
export const multiply: Twin<Float32Array> = (m, n, alpha, a, x, beta, y) => {
  const whole = n - (n % 8)
  const sums = new Float32Array(8)
  for (let i = 0; i < m; i++) {
    const row = i * n
    sums.fill(0)
    let j = 0
    for (; j < whole; j += 8) {
      for (let l = 0; l < 8; l++) sums[l] = sums[l]! + fround(a[row + j + l]! * x[j + l]!)
    }
    for (let l = 0; l < 4; l++) sums[l] = sums[l]! + sums[l + 4]!
    let value = fround(fround(sums[0]! + sums[1]!) + fround(sums[2]! + sums[3]!))
    for (; j < n; j++) value = fround(value + fround(a[row + j]! * x[j]!))
    const scaled = fround(fround(alpha) * value)
    y[i] = beta === 0 ? scaled : fround(fround(beta) * y[i]!) + scaled
  }
}

/** y = alpha A^T x + beta y, A m x n. */
export const multiplyTransposed: Twin<Float32Array> = (m, n, alpha, a, x, beta, y) => {
  if (beta === 0) y.fill(0)
  else if (beta !== 1) for (let j = 0; j < n; j++) y[j] = fround(beta) * y[j]!
  for (let i = 0; i < m; i++) {
    const row = i * n
    const coefficient = fround(fround(alpha) * x[i]!)
    for (let j = 0; j < n; j++) y[j] = y[j]! + fround(coefficient * a[row + j]!)
  }
}
