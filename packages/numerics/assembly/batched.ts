/** Many small problems, one after the other in memory. */
import { bytes, lanes, madd, zero } from "./simd"
import { cholesky } from "./cholesky"
import { solveTriangular } from "./triangular"

/** C = A B without packing, for k <= 256: the order of gemm with alpha 1 and beta 0. */
export function gemmSmall<T>(m: i32, n: i32, k: i32, a: usize, b: usize, c: usize): void {
  const width = 2 * lanes<T>()
  const rowA = bytes<T>(k)
  const rowB = bytes<T>(n)
  const whole = n - (n % width)
  for (let j = 0; j < whole; j += width) {
    const column = b + bytes<T>(j)
    let i = 0
    for (; i + 2 <= m; i += 2) {
      let s00 = zero(), s01 = zero(), s10 = zero(), s11 = zero()
      let x = a + <usize>i * rowA
      let y = column
      for (let p = 0; p < k; p++) {
        const y0 = v128.load(y)
        const y1 = v128.load(y, 16)
        const x0 = v128.splat<T>(load<T>(x))
        const x1 = v128.splat<T>(load<T>(x + rowA))
        s00 = madd<T>(x0, y0, s00)
        s01 = madd<T>(x0, y1, s01)
        s10 = madd<T>(x1, y0, s10)
        s11 = madd<T>(x1, y1, s11)
        x += sizeof<T>()
        y += rowB
      }
      const to = c + <usize>i * rowB + bytes<T>(j)
      v128.store(to, s00)
      v128.store(to, s01, 16)
      v128.store(to + rowB, s10)
      v128.store(to + rowB, s11, 16)
    }
    if (i < m) {
      let s0 = zero(), s1 = zero()
      let x = a + <usize>i * rowA
      let y = column
      for (let p = 0; p < k; p++) {
        const x0 = v128.splat<T>(load<T>(x))
        s0 = madd<T>(x0, v128.load(y), s0)
        s1 = madd<T>(x0, v128.load(y, 16), s1)
        x += sizeof<T>()
        y += rowB
      }
      const to = c + <usize>i * rowB + bytes<T>(j)
      v128.store(to, s0)
      v128.store(to, s1, 16)
    }
  }
  for (let i = 0; i < m; i++) {
    for (let j = whole; j < n; j++) {
      let s: T = 0
      let x = a + <usize>i * rowA
      let y = b + bytes<T>(j)
      for (let p = 0; p < k; p++) {
        s += load<T>(x) * load<T>(y)
        x += sizeof<T>()
        y += rowB
      }
      store<T>(c + <usize>i * rowB + bytes<T>(j), s)
    }
  }
}

/** C_i = A_i B_i for `count` products of m x k and k x n. */
export function gemmBatched(count: i32, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize): void {
  for (let i = 0; i < count; i++) {
    gemmSmall<f64>(m, n, k, a, b, c)
    a += bytes<f64>(m * k)
    b += bytes<f64>(k * n)
    c += bytes<f64>(m * n)
  }
}

/** A_i = L_i L_i^T for `count` matrices n x n; returns -1, or the first matrix that is not positive definite. */
export function choleskyBatched(count: i32, n: i32, a: usize, work: usize): i32 {
  for (let i = 0; i < count; i++) {
    if (cholesky(n, a, work) >= 0) return i
    a += bytes<f64>(n * n)
  }
  return -1
}

/** op(T_i) X_i = B_i in place of B_i, for `count` pairs. */
export function solveTriangularBatched(
  count: i32, lower: bool, transpose: bool, n: i32, columns: i32, t: usize, b: usize,
): void {
  for (let i = 0; i < count; i++) {
    solveTriangular(lower, transpose, n, columns, t, b)
    t += bytes<f64>(n * n)
    b += bytes<f64>(n * columns)
  }
}
