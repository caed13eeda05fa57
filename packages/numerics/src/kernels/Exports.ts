/** What the compiled kernels export: pointers are byte offsets in the imported memory, flags are 0 or 1. */
export interface Exports {
  readonly dot: (n: number, x: number, y: number) => number
  readonly norm: (n: number, x: number) => number
  readonly axpy: (n: number, alpha: number, x: number, y: number) => void
  readonly gemv: Gemv
  readonly gemv32: Gemv
  readonly gemvBoth: (
    m: number,
    n: number,
    a: number,
    lda: number,
    x: number,
    ax: number,
    u: number,
    atu: number,
  ) => void
  readonly gemm: Gemm
  readonly gemm32: Gemm
  readonly symmetricStep: (
    n: number,
    k: number,
    a: number,
    u: number,
    v: number,
    w: number,
    p: number,
  ) => void
  readonly hermitianStep: (
    n: number,
    k: number,
    re: number,
    im: number,
    u: number,
    v: number,
    w: number,
    p: number,
  ) => void
}

type Gemv = (
  transpose: number,
  m: number,
  n: number,
  alpha: number,
  a: number,
  lda: number,
  x: number,
  beta: number,
  y: number,
) => void

type Gemm = (
  transposeA: number,
  transposeB: number,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: number,
  lda: number,
  b: number,
  ldb: number,
  beta: number,
  c: number,
  ldc: number,
  work: number,
) => void

/** Bytes at the start of the memory that belong to the kernels: packed panels and a spare tile. */
export const reserved = 1 << 20
