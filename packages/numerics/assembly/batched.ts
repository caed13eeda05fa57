/** Many small problems, one after the other in memory. */
import { cholesky } from "./cholesky"
import { bytes } from "./simd"
import { product } from "./small"
import { solveTriangular } from "./triangular"

/** C_i = A_i B_i for `count` products of m x k and k x n. */
export function gemmBatched(count: i32, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize, work: usize): void {
  for (let i = 0; i < count; i++) {
    product(false, false, m, n, k, a, b, c, work)
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
