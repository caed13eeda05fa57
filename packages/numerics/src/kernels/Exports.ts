/** What the compiled kernels export: pointers are byte offsets in the imported memory, flags are 0 or 1. */
export interface Exports {
  readonly dot: (n: number, x: number, y: number) => number
  readonly norm: (n: number, x: number) => number
  readonly axpy: (n: number, alpha: number, x: number, y: number) => void
  readonly rotate: (n: number, c: number, s: number, x: number, y: number) => void
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
    work: number,
  ) => void
  readonly chain: (depth: number, widths: number, x: number, products: number, work: number) => void
  readonly chainGradient: (
    depth: number,
    widths: number,
    x: number,
    products: number,
    backs: number,
    gradient: number,
    work: number,
  ) => void
  readonly residualGradient: (
    m: number,
    n: number,
    a: number,
    count: number,
    rows: number,
    x: number,
    targets: number,
    alpha: number,
    residual: number,
    out: number,
  ) => number
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
  readonly symmetricProduct: (n: number, a: number, x: number, c: number, y: number) => void
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
  readonly syrk: (
    transpose: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    beta: number,
    c: number,
    work: number,
  ) => void
  readonly ger: (m: number, n: number, alpha: number, x: number, y: number, a: number) => void
  readonly syr2: (n: number, alpha: number, x: number, y: number, a: number) => void
  readonly cholesky: (n: number, a: number, work: number) => number
  readonly solveTriangular: (
    lower: number,
    transpose: number,
    n: number,
    columns: number,
    t: number,
    b: number,
  ) => void
  readonly qr: (m: number, n: number, a: number, tau: number, work: number) => void
  readonly multiplyQ: (
    transpose: number,
    m: number,
    n: number,
    a: number,
    tau: number,
    columns: number,
    b: number,
    work: number,
  ) => void
  readonly gemmBatched: (
    count: number,
    m: number,
    n: number,
    k: number,
    a: number,
    b: number,
    c: number,
  ) => void
  readonly choleskyBatched: (count: number, n: number, a: number, work: number) => number
  readonly solveTriangularBatched: (
    count: number,
    lower: number,
    transpose: number,
    n: number,
    columns: number,
    t: number,
    b: number,
  ) => void
  readonly tridiagonalBatched: (
    count: number,
    n: number,
    diagonal: number,
    off: number,
    values: number,
    work: number,
  ) => number
  readonly fillTridiagonal: (
    state: number,
    tables: number,
    tailStart: number,
    count: number,
    n: number,
    beta: number,
    diagonal: number,
    off: number,
  ) => void
  readonly fillUniform: (state: number, n: number, out: number) => void
  readonly fillRademacher: (state: number, n: number, out: number) => void
  readonly fillNormal: (
    state: number,
    tables: number,
    tailStart: number,
    n: number,
    out: number,
  ) => void
  readonly activate: Activate
  readonly activate32: Activate
  readonly crossEntropy: CrossEntropy
  readonly crossEntropy32: CrossEntropy
}

type Activate = (kind: number, n: number, x: number, value: number, slope: number) => void

type CrossEntropy = (
  rows: number,
  classes: number,
  logits: number,
  labels: number,
  out: number,
) => number

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
  work: number,
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

/** The first bytes of the memory belong to the kernels: packed panels and a spare tile (at most 600 KiB), then the tables. */
export const tables = 640 * 1024
/** Then small copies of ordinary arrays. */
export const copies = 704 * 1024
/** Then the arena. */
export const reserved = 1 << 20
