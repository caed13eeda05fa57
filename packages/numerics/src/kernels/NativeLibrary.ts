/** Finds OpenBLAS on this machine and binds its functions, through the optional package `koffi`. */
import * as Effect from "effect/Effect"
import { BackendUnavailable } from "../BackendUnavailable.ts"
import type { Floats } from "./Staging.ts"

/** The names under which OpenBLAS is installed on Linux, macOS and Windows. */
export const names: ReadonlyArray<string> = [
  "libopenblas.so.0",
  "libopenblas.so",
  "libopenblas.dylib",
  "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
  "/usr/local/opt/openblas/lib/libopenblas.dylib",
  "libopenblas.dll",
]

type Pointer = Floats | Int32Array
type Native<Arguments extends ReadonlyArray<unknown>, Result = void> = (
  ...values: Arguments
) => Result

/** The part of koffi in use. */
interface Library {
  readonly func: (signature: string) => Native<ReadonlyArray<unknown>, never>
}

type Gemm = Native<
  [
    ...[order: number, transposeA: number, transposeB: number],
    ...[m: number, n: number, k: number, alpha: number, a: Floats, lda: number],
    ...[b: Floats, ldb: number, beta: number, c: Floats, ldc: number],
  ]
>
type Gemv = Native<
  [
    ...[order: number, transpose: number, m: number, n: number, alpha: number],
    ...[a: Floats, lda: number, x: Floats, incx: number, beta: number, y: Floats, incy: number],
  ]
>

/** CBLAS and Fortran LAPACK. */
export interface Symbols {
  readonly config: string
  readonly setThreads: Native<[count: number]>
  readonly ddot: Native<[n: number, x: Floats, incx: number, y: Floats, incy: number], number>
  readonly dnrm2: Native<[n: number, x: Floats, incx: number], number>
  readonly daxpy: Native<
    [n: number, alpha: number, x: Floats, incx: number, y: Floats, incy: number]
  >
  readonly dgemv: Gemv
  readonly sgemv: Gemv
  readonly dgemm: Gemm
  readonly sgemm: Gemm
  readonly dsyrk: Native<
    [
      ...[order: number, uplo: number, transpose: number, n: number, k: number, alpha: number],
      ...[a: Floats, lda: number, beta: number, c: Floats, ldc: number],
    ]
  >
  readonly dpotrf: Native<[uplo: string, n: Pointer, a: Pointer, lda: Pointer, info: Pointer]>
  readonly dsyevd: Native<
    [
      ...[jobz: string, uplo: string, n: Pointer, a: Pointer, lda: Pointer, w: Pointer],
      ...[work: Pointer, lwork: Pointer, iwork: Pointer, liwork: Pointer, info: Pointer],
    ]
  >
  readonly zheevd: Native<
    [
      ...[jobz: string, uplo: string, n: Pointer, a: Pointer, lda: Pointer, w: Pointer],
      ...[work: Pointer, lwork: Pointer, rwork: Pointer, lrwork: Pointer],
      ...[iwork: Pointer, liwork: Pointer, info: Pointer],
    ]
  >
  readonly dgesdd: Native<
    [
      ...[jobz: string, m: Pointer, n: Pointer, a: Pointer, lda: Pointer, s: Pointer],
      ...[u: Pointer, ldu: Pointer, vt: Pointer, ldvt: Pointer],
      ...[work: Pointer, lwork: Pointer, iwork: Pointer, info: Pointer],
    ]
  >
}

const unavailable = (reason: string) =>
  new BackendUnavailable({
    backend: "OpenBLAS",
    reason,
    remedy:
      "Install the npm package koffi and OpenBLAS (apt-get install libopenblas0, brew install openblas)",
  })

const gemm = (name: string, type: string) =>
  `void cblas_${name}(int, int, int, int, int, int, ${type}, ${type} *, int, ${type} *, int, ${type}, ${type} *, int)`
const gemv = (name: string, type: string) =>
  `void cblas_${name}(int, int, int, int, ${type}, ${type} *, int, ${type} *, int, ${type}, ${type} *, int)`

const bind = (library: Library): Symbols => {
  const func = (signature: string) => library.func(signature)
  return {
    config: func("const char *openblas_get_config(void)")(),
    setThreads: func("void openblas_set_num_threads(int)"),
    ddot: func("double cblas_ddot(int, double *, int, double *, int)"),
    dnrm2: func("double cblas_dnrm2(int, double *, int)"),
    daxpy: func("void cblas_daxpy(int, double, double *, int, double *, int)"),
    dgemv: func(gemv("dgemv", "double")),
    sgemv: func(gemv("sgemv", "float")),
    dgemm: func(gemm("dgemm", "double")),
    sgemm: func(gemm("sgemm", "float")),
    dsyrk: func(
      "void cblas_dsyrk(int, int, int, int, int, double, double *, int, double, double *, int)",
    ),
    dpotrf: func("void dpotrf_(const char *, int *, double *, int *, int *)"),
    dsyevd: func(
      "void dsyevd_(const char *, const char *, int *, double *, int *, double *, double *, int *, int *, int *, int *)",
    ),
    zheevd: func(
      "void zheevd_(const char *, const char *, int *, double *, int *, double *, double *, int *, double *, int *, int *, int *, int *)",
    ),
    dgesdd: func(
      "void dgesdd_(const char *, int *, int *, double *, int *, double *, double *, int *, double *, int *, double *, int *, int *, int *)",
    ),
  }
}

/** A name that bundlers do not follow: they would bring the package's binaries along, or refuse where it is not installed. */
const bindings: string = "koffi"

/** Binds the first of the libraries that loads. Fails with BackendUnavailable where none does, or koffi is not installed. */
export const load = (
  libraries: ReadonlyArray<string> = names,
): Effect.Effect<Symbols, BackendUnavailable> =>
  Effect.gen(function* () {
    const { default: koffi } = yield* Effect.tryPromise({
      try: () =>
        import(/* @vite-ignore */ /* webpackIgnore: true */ bindings) as Promise<
          typeof import("koffi")
        >,
      catch: () => unavailable("the package koffi is not installed"),
    })
    return yield* Effect.firstSuccessOf(
      libraries.map((name) =>
        Effect.try({
          try: () => bind(koffi.load(name) as unknown as Library),
          catch: (cause) => unavailable(String(cause)),
        }),
      ),
    )
  })
