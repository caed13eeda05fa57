/**
 * Kernels by the machine's own OpenBLAS and LAPACK: faster where they have wider vectors and more threads, and an oracle for
 * tests. The last bits depend on the machine and its library.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Native from "@nonconvex/numerics/Native"
 * import { Effect } from "effect"
 *
 * const name = await Native.make().pipe(
 *   Effect.map((kernels) => kernels.name),
 *   Effect.catchTag("BackendUnavailable", ({ backend }) => Effect.succeed(`no ${backend}`)),
 *   Effect.runPromise,
 * )
 * const known = ["native", "no OpenBLAS"].includes(name)
 * known // => true
 * ```
 *
 * dot, norm, axpy, gemv, gemm, syrk and cholesky are native; everything else is the strict build. OpenBLAS works on ordinary
 * arrays in place, so nothing is copied.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { BackendUnavailable } from "./BackendUnavailable.ts"
import * as Check from "./kernels/Check.ts"
import { Current, type Kernels, makeStrict } from "./Kernels.ts"
import { load, type Symbols } from "./kernels/NativeLibrary.ts"
import { separate, settle } from "./kernels/Separate.ts"
import type { Floats } from "./kernels/Staging.ts"

/** Kernels over OpenBLAS, and what only LAPACK gives. */
export interface NativeKernels extends Kernels {
  /** What OpenBLAS says of itself: version, processor, threads. */
  readonly config: string
  /** How many threads OpenBLAS uses from now on. */
  readonly setThreads: (count: number) => void
  /** Eigenvalues, ascending, of a real symmetric n x n matrix (LAPACK dsyevd). */
  readonly symmetricEigenvalues: (a: Float64Array, n: number) => Float64Array
  /** Eigenvalues, ascending, of a Hermitian n x n matrix given as two row-major parts (LAPACK zheevd). */
  readonly hermitianEigenvalues: (re: Float64Array, im: Float64Array, n: number) => Float64Array
  /** Singular values, descending, of a row-major m x n matrix (LAPACK dgesdd). */
  readonly singularValues: (a: Float64Array, m: number, n: number) => Float64Array
}

const rowMajor = 101
const [plain, transposed] = [111, 112]
const lower = 122
/** Distances from row to row are at least 1, even of empty matrices. */
const stride = (n: number) => Math.max(1, n)
const int = (value: number) => Int32Array.of(value)

const vectors = ({ ddot, dnrm2, daxpy }: Symbols) => ({
  dot: (x: Float64Array, y: Float64Array) => {
    Check.length("Kernels.dot", "y", y, x.length)
    return ddot(x.length, x, 1, y, 1)
  },
  norm: (x: Float64Array) => dnrm2(x.length, x, 1),
  axpy: (alpha: number, x: Float64Array, y: Float64Array) => {
    Check.length("Kernels.axpy", "y", y, x.length)
    daxpy(x.length, alpha, x, 1, y, 1)
  },
})

const gemv =
  ({ dgemv, sgemv }: Symbols): Kernels["gemv"] =>
  (transpose, m, n, alpha, a: Floats, x: Floats, beta, y: Floats) => {
    Check.gemv(transpose, m, n, a, x, y)
    const to = separate(y, a, x)
    const run = a.BYTES_PER_ELEMENT === 8 ? dgemv : sgemv
    const lda = stride(n)
    run(rowMajor, transpose ? transposed : plain, m, n, alpha, a, lda, x, 1, beta, to, 1)
    settle(y, to)
  }

const gemm =
  ({ dgemm, sgemm }: Symbols): Kernels["gemm"] =>
  (transposeA, transposeB, m, n, k, alpha, a: Floats, b: Floats, beta, c: Floats) => {
    Check.gemm(m, n, k, a, b, c)
    const to = separate(c, a, b)
    const run = a.BYTES_PER_ELEMENT === 8 ? dgemm : sgemm
    const [ta, lda] = transposeA ? [transposed, m] : [plain, k]
    const [tb, ldb] = transposeB ? [transposed, k] : [plain, n]
    run(rowMajor, ta, tb, m, n, k, alpha, a, stride(lda), b, stride(ldb), beta, to, stride(n))
    settle(c, to)
  }

const syrk =
  ({ dsyrk }: Symbols): Kernels["syrk"] =>
  (transpose, n, k, alpha, a, beta, c) => {
    Check.syrk(n, k, a, c)
    const wide = a instanceof Float64Array ? a : Float64Array.from(a)
    const lda = stride(transpose ? n : k)
    const trans = transpose ? transposed : plain
    dsyrk(rowMajor, lower, trans, n, k, alpha, wide, lda, beta, c, stride(n))
    for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) c[j * n + i] = c[i * n + j]!
  }

const cholesky =
  ({ dpotrf }: Symbols): Kernels["cholesky"] =>
  (n, a) => {
    Check.dimensions("Kernels.cholesky", n)
    Check.length("Kernels.cholesky", "a", a, n * n)
    const info = int(0)
    // The lower triangle by rows is the upper one by columns.
    dpotrf("U", int(n), a, int(stride(n)), info)
    return info[0]! - 1
  }

const spectra = ({ dgesdd, dsyevd, zheevd }: Symbols) => ({
  symmetricEigenvalues: (a: Float64Array, n: number) => {
    Check.length("Native.symmetricEigenvalues", "a", a, n * n)
    const values = new Float64Array(n)
    const size = 2 * n + 1
    const work = new Float64Array(size)
    const one = int(1)
    dsyevd(
      "N",
      "U",
      int(n),
      a.slice(),
      int(stride(n)),
      values,
      work,
      int(size),
      int(0),
      one,
      int(0),
    )
    return values
  },
  hermitianEigenvalues: (re: Float64Array, im: Float64Array, n: number) => {
    Check.length("Native.hermitianEigenvalues", "re", re, n * n)
    Check.length("Native.hermitianEigenvalues", "im", im, n * n)
    const a = new Float64Array(2 * n * n)
    for (let i = 0; i < n * n; i++) {
      a[2 * i] = re[i]!
      // By columns the matrix is its own conjugate.
      a[2 * i + 1] = -im[i]!
    }
    const values = new Float64Array(n)
    const [work, real] = [new Float64Array(2 * (n + 1)), new Float64Array(n + 1)]
    const lda = int(stride(n))
    const sizes = [int(n + 1), int(n + 1)] as const
    zheevd("N", "U", int(n), a, lda, values, work, sizes[0], real, sizes[1], int(0), int(1), int(0))
    return values
  },
  singularValues: (a: Float64Array, m: number, n: number) => {
    Check.length("Native.singularValues", "a", a, m * n)
    const [least, most] = [Math.min(m, n), Math.max(m, n)]
    const values = new Float64Array(least)
    const size = 3 * least + Math.max(most, 7 * least) + 64
    const [none, one] = [new Float64Array(1), int(1)]
    const lda = int(stride(n))
    const work = new Float64Array(size)
    const iwork = new Int32Array(8 * least + 1)
    dgesdd(
      "N",
      int(n),
      int(m),
      a.slice(),
      lda,
      values,
      none,
      one,
      none,
      one,
      work,
      int(size),
      iwork,
      int(0),
    )
    return values
  },
})

/** The native functions over strict kernels, which do the rest. */
const over = (symbols: Symbols, strict: Kernels): NativeKernels => ({
  ...strict,
  name: "native",
  isReproducible: false,
  worksInPlace: true,
  withCapacity: (capacity) => over(symbols, makeStrict({ capacity })),
  config: symbols.config,
  setThreads: symbols.setThreads,
  ...vectors(symbols),
  gemv: gemv(symbols),
  gemm: gemm(symbols),
  syrk: syrk(symbols),
  cholesky: cholesky(symbols),
  ...spectra(symbols),
})

/**
 * Native kernels. Fails with BackendUnavailable where koffi or OpenBLAS is missing.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Effect } from "effect"
 * import { SymmetricEigen } from "@nonconvex/numerics"
 * import * as Native from "@nonconvex/numerics/Native"
 *
 * const a = Float64Array.of(2, 1, 1, 2)
 * const values = await Native.make().pipe(
 *   Effect.map(({ symmetricEigenvalues }) => symmetricEigenvalues(a, 2)),
 *   Effect.catchTag("BackendUnavailable", () => Effect.succeed(SymmetricEigen.eigenvalues(a, 2))),
 *   Effect.runPromise,
 * )
 * values // ≈ [1.000, 3.000]
 * ```
 */
export const make = (
  libraries?: ReadonlyArray<string>,
): Effect.Effect<NativeKernels, BackendUnavailable> =>
  Effect.map(load(libraries), (symbols) => over(symbols, makeStrict()))

/** Native kernels as those of the program. Fails with BackendUnavailable where koffi or OpenBLAS is missing. */
export const layer: Layer.Layer<Current, BackendUnavailable> = Layer.effect(Current, make())
