/**
 * Back-transformation of eigenvectors from the real tridiagonal matrix to the Hermitian one. It multiplies by the
 * reflections of HermitianTridiagonalise, in blocks I - V^H T V (Schreiber and Van Loan 1989).
 */
import type { Workspace } from "../Workspace.ts"
import type { SpectralKernels } from "../kernels/SpectralKernels.ts"
import { multiply } from "./Tridiagonalise.ts"

const blockSize = 24

/** Numbers of workspace that `back` needs. */
export const doubles = (n: number, count: number): number => 4 * blockSize * (n + blockSize + count)

/**
 * Turns the real eigenvectors of T in the first `count` rows of `zr` (row stride n) into those of A. Row j of `zr` + i `zi`
 * becomes Q s_j. `zi` is overwritten; `re`, `im` and `tau` are as `reduce` left them.
 */
export const back = (
  re: Float64Array,
  im: Float64Array,
  n: number,
  tau: Float64Array,
  zr: Float64Array,
  zi: Float64Array,
  count: number,
  space: Workspace,
  kernels: SpectralKernels,
): void => {
  zi.fill(0)
  const stacked = 2 * blockSize
  // [V_r; -V_i] and [V_i; V_r]: with rows [G_r G_i], complex products are real ones of twice the depth.
  const forReal = space.f64(stacked * n)
  const forImaginary = space.f64(stacked * n)
  const t = space.f64(stacked * stacked)
  const first = space.f64(count * stacked)
  const second = space.f64(count * stacked)
  for (let from = 1; from < n; from += blockSize) {
    const size = Math.min(blockSize, n - from)
    const width = from + size - 1
    const double = 2 * size
    forReal.fill(0, 0, double * width)
    forImaginary.fill(0, 0, double * width)
    for (let r = 0; r < size; r++) {
      const row = (from + r) * n
      for (let j = 0; j < from + r; j++) {
        forReal[r * width + j] = re[row + j]!
        forReal[(size + r) * width + j] = -im[row + j]!
        forImaginary[r * width + j] = im[row + j]!
        forImaginary[(size + r) * width + j] = re[row + j]!
      }
    }
    triangularFactor(forReal, forImaginary, width, size, tau, n, from, t)
    multiply(kernels, true, count, double, width, 1, zr, n, forReal, width, 0, first, double)
    multiply(kernels, true, count, double, width, 1, zi, n, forImaginary, width, 1, first, double)
    multiply(kernels, false, count, double, double, 1, first, double, t, double, 0, second, double)
    multiply(kernels, false, count, width, double, -1, second, double, forReal, width, 1, zr, n)
    multiply(
      kernels,
      false,
      count,
      width,
      double,
      -1,
      second,
      double,
      forImaginary,
      width,
      1,
      zi,
      n,
    )
  }
}

/** [[T_r, T_i], [-T_i, T_r]] of the T in H_from^T H_from+1^T ... = I - V^H T V. */
const triangularFactor = (
  forReal: Float64Array,
  forImaginary: Float64Array,
  width: number,
  size: number,
  tau: Float64Array,
  n: number,
  from: number,
  t: Float64Array,
): void => {
  const double = 2 * size
  t.fill(0, 0, double * double)
  const set = (row: number, column: number, r: number, i: number) => {
    t[row * double + column] = r
    t[row * double + size + column] = i
    t[(size + row) * double + column] = -i
    t[(size + row) * double + size + column] = r
  }
  const pr = new Float64Array(size)
  const pi = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const tr = tau[from + i]!
    const ti = tau[n + from + i]!
    for (let j = 0; j < i; j++) {
      // v_j times the conjugate of v_i.
      let r = 0
      let s = 0
      for (let l = 0; l < from + j; l++) {
        const ar = forReal[j * width + l]!
        const ai = forImaginary[j * width + l]!
        const br = forReal[i * width + l]!
        const bi = forImaginary[i * width + l]!
        r += ar * br + ai * bi
        s += ai * br - ar * bi
      }
      pr[j] = -(tr * r - ti * s)
      pi[j] = -(tr * s + ti * r)
    }
    for (let j = 0; j < i; j++) {
      let r = 0
      let s = 0
      for (let l = j; l < i; l++) {
        const ar = t[j * double + l]!
        const ai = t[j * double + size + l]!
        r += ar * pr[l]! - ai * pi[l]!
        s += ar * pi[l]! + ai * pr[l]!
      }
      set(j, i, r, s)
    }
    set(i, i, tr, ti)
  }
}
