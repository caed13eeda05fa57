/** The exports: f64 kernels under their own name, f32 kernels with the suffix 32. */
import { activate as activateOf } from "./activation"
import { gemm as gemmOf } from "./gemm"
import { crossEntropy as crossEntropyOf } from "./softmax"
import { multiply, multiplyBoth, multiplyTransposed } from "./gemv"
import { isLarge, multiplyBothLarge, multiplyLarge, multiplyTransposedLarge } from "./gemvLarge"
import { product } from "./small"

export { hermitianStep, symmetricPart, symmetricProduct, symmetricStep } from "./spectral"
export { axpy, dot, norm, rotate } from "./vector"
export { chain, chainGradient } from "./chain"
export { residualGradient } from "./residual"

export function gemv(
  transpose: bool, m: i32, n: i32, alpha: f64, a: usize, lda: i32, x: usize, beta: f64, y: usize, work: usize,
): void {
  if (isLarge(m, n)) {
    if (transpose) multiplyTransposedLarge(m, n, alpha, a, lda, x, beta, y, work)
    else multiplyLarge(m, n, alpha, a, lda, x, beta, y, work)
  } else if (transpose) {
    multiplyTransposed<f64>(m, n, alpha, a, lda, x, beta, y)
  } else {
    multiply<f64>(m, n, alpha, a, lda, x, beta, y)
  }
}

export function gemvBoth(
  m: i32, n: i32, a: usize, lda: i32, x: usize, ax: usize, u: usize, atu: usize, work: usize,
): void {
  if (isLarge(m, n)) multiplyBothLarge(m, n, a, lda, x, ax, u, atu, work)
  else multiplyBoth(m, n, a, lda, x, ax, u, atu)
}

export function gemv32(
  transpose: bool, m: i32, n: i32, alpha: f32, a: usize, lda: i32, x: usize, beta: f32, y: usize, _work: usize,
): void {
  if (transpose) multiplyTransposed<f32>(m, n, alpha, a, lda, x, beta, y)
  else multiply<f32>(m, n, alpha, a, lda, x, beta, y)
}

export function gemm(
  transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, alpha: f64, a: usize, lda: i32, b: usize, ldb: i32,
  beta: f64, c: usize, ldc: i32, work: usize,
): void {
  const tight = lda == (transposeA ? m : k) && ldb == (transposeB ? k : n) && ldc == n
  if (tight && alpha == 1 && beta == 0) product(transposeA, transposeB, m, n, k, a, b, c, work)
  else gemmOf<f64>(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, work)
}

export function gemm32(
  transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, alpha: f32, a: usize, lda: i32, b: usize, ldb: i32,
  beta: f32, c: usize, ldc: i32, work: usize,
): void {
  gemmOf<f32>(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, work)
}

export { setWide } from "./tileWide"
export { ger, mirror, syrk } from "./symmetric"
export { cholesky } from "./cholesky"
export { solveTriangular } from "./triangular"
export { multiplyQ, qr } from "./qr"
export { fillNormal, fillRademacher } from "./random"
export { fillTridiagonal } from "./ensemble"
export { tridiagonalBatched } from "./tridiagonal"

export function activate(kind: i32, n: i32, x: usize, value: usize, slope: usize): void {
  activateOf<f64>(kind, n, x, value, slope)
}

export function activate32(kind: i32, n: i32, x: usize, value: usize, slope: usize): void {
  activateOf<f32>(kind, n, x, value, slope)
}

export function crossEntropy(rows: i32, classes: i32, logits: usize, labels: usize, out: usize): f64 {
  return crossEntropyOf<f64>(rows, classes, logits, labels, out)
}

export function crossEntropy32(rows: i32, classes: i32, logits: usize, labels: usize, out: usize): f64 {
  return crossEntropyOf<f32>(rows, classes, logits, labels, out)
}

export { sparseLeastSquares, sparseProduct, sparseResiduals } from "./sparse"
export { quantise } from "./grid"
export { convolve, filterGradient, imageGradient } from "./images"
export { channelSums, combineChannels } from "./channels"
