/** The exports: f64 kernels under their own name, f32 kernels with the suffix 32. */
import { gemm as gemmOf } from "./gemm"
import { multiply, multiplyTransposed } from "./gemv"

export { hermitianStep, symmetricStep } from "./spectral"
export { axpy, dot, norm } from "./vector"
export { multiplyBoth as gemvBoth } from "./gemv"

export function gemv(
  transpose: bool, m: i32, n: i32, alpha: f64, a: usize, lda: i32, x: usize, beta: f64, y: usize,
): void {
  if (transpose) multiplyTransposed<f64>(m, n, alpha, a, lda, x, beta, y)
  else multiply<f64>(m, n, alpha, a, lda, x, beta, y)
}

export function gemv32(
  transpose: bool, m: i32, n: i32, alpha: f32, a: usize, lda: i32, x: usize, beta: f32, y: usize,
): void {
  if (transpose) multiplyTransposed<f32>(m, n, alpha, a, lda, x, beta, y)
  else multiply<f32>(m, n, alpha, a, lda, x, beta, y)
}

export function gemm(
  transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, alpha: f64, a: usize, lda: i32, b: usize, ldb: i32,
  beta: f64, c: usize, ldc: i32, work: usize,
): void {
  gemmOf<f64>(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, work)
}

export function gemm32(
  transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, alpha: f32, a: usize, lda: i32, b: usize, ldb: i32,
  beta: f32, c: usize, ldc: i32, work: usize,
): void {
  gemmOf<f32>(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, work)
}
