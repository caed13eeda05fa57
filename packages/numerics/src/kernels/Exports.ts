/** Exports of the compiled kernels: pointers are byte offsets in the imported memory, flags are 0 or 1. */
export interface Exports {
  readonly dot: (n: number, x: number, y: number) => number
  readonly norm: (n: number, x: number) => number
  readonly axpy: (n: number, alpha: number, x: number, y: number) => void
  readonly rotate: (n: number, c: number, s: number, x: number, y: number) => void
  readonly gemv: Gemv
  readonly gemv32: Gemv
  readonly gemvBoth: (
    ...given: [
      ...[m: number, n: number, a: number, lda: number, x: number, ax: number],
      ...[u: number, atu: number, work: number],
    ]
  ) => void
  readonly chain: (depth: number, widths: number, x: number, products: number, work: number) => void
  readonly chainGradient: (
    ...given: [
      ...[depth: number, widths: number, x: number, products: number],
      ...[backs: number, gradient: number, work: number],
    ]
  ) => void
  readonly residualGradient: (
    ...given: [
      ...[m: number, n: number, a: number, count: number, rows: number, x: number],
      ...[targets: number, alpha: number, residual: number, out: number],
    ]
  ) => number
  readonly gemm: Gemm
  readonly gemm32: Gemm
  readonly symmetricStep: (
    ...given: [n: number, k: number, a: number, u: number, v: number, w: number, p: number]
  ) => void
  readonly symmetricProduct: (n: number, a: number, x: number, c: number, y: number) => void
  readonly symmetricPart: (
    ...given: [n: number, a: number, x: number, c: number, y: number, from: number, end: number]
  ) => void
  readonly hermitianStep: (
    ...given: [
      ...[n: number, k: number, re: number, im: number],
      ...[u: number, v: number, w: number, p: number],
    ]
  ) => void
  /** Sets whether V8 joins pairs of vectors, for which there are separate tiles. */
  readonly setWide: (isWide: number) => void
  readonly syrk: (
    ...given: [
      ...[transpose: number, n: number, k: number, alpha: number],
      ...[a: number, beta: number, c: number, work: number],
    ]
  ) => void
  readonly mirror: (n: number, c: number) => void
  readonly ger: (m: number, n: number, alpha: number, x: number, y: number, a: number) => void
  readonly cholesky: (n: number, a: number, work: number) => number
  readonly solveTriangular: (
    ...given: [lower: number, transpose: number, n: number, columns: number, t: number, b: number]
  ) => void
  readonly qr: (m: number, n: number, a: number, tau: number, work: number) => void
  readonly multiplyQ: (
    ...given: [
      ...[transpose: number, m: number, n: number, a: number],
      ...[tau: number, columns: number, b: number, work: number],
    ]
  ) => void
  readonly tridiagonalBatched: (
    ...given: [
      count: number,
      n: number,
      diagonal: number,
      off: number,
      values: number,
      work: number,
    ]
  ) => number
  readonly fillTridiagonal: (
    ...given: [
      ...[state: number, tables: number, tailStart: number, count: number],
      ...[n: number, beta: number, diagonal: number, off: number],
    ]
  ) => void
  readonly fillRademacher: (state: number, n: number, out: number) => void
  readonly fillNormal: (
    ...given: [state: number, tables: number, tailStart: number, n: number, out: number]
  ) => void
  readonly sparseLeastSquares: (
    ...given: [
      ...[rows: number, rank: number, table: number, other: number, penalties: number],
      ...[ridge: number, own: number, work: number],
    ]
  ) => void
  readonly sparseResiduals: (
    ...given: [rows: number, rank: number, table: number, left: number, right: number, out: number]
  ) => number
  readonly sparseProduct: (
    ...given: [
      transpose: number,
      rows: number,
      count: number,
      table: number,
      x: number,
      out: number,
    ]
  ) => void
  readonly quantise: (
    ...given: [
      ...[count: number, d: number, rows: number, center: number],
      ...[ball: number, out: number, work: number],
    ]
  ) => number
  readonly convolve: Images
  readonly filterGradient: Images
  readonly imageGradient: Images
  readonly channelSums: (
    ...given: [count: number, channels: number, x: number, y: number, gate: number, sums: number]
  ) => void
  readonly combineChannels: (
    ...given: [
      ...[count: number, channels: number, coefficients: number, x: number],
      ...[y: number, gate: number, positive: number, out: number],
    ]
  ) => void
  readonly activate: Activate
  readonly activate32: Activate
  readonly crossEntropy: CrossEntropy
  readonly crossEntropy32: CrossEntropy
}

/** A function of a shape, two inputs and an output, with memory to work in. */
type Images = (shape: number, a: number, b: number, out: number, work: number) => void

type Activate = (kind: number, n: number, x: number, value: number, slope: number) => void

type CrossEntropy = (
  ...given: [rows: number, classes: number, logits: number, labels: number, out: number]
) => number

type Gemv = (
  ...given: [
    ...[transpose: number, m: number, n: number, alpha: number, a: number, lda: number],
    ...[x: number, beta: number, y: number, work: number],
  ]
) => void

type Gemm = (
  ...given: [
    ...[transposeA: number, transposeB: number, m: number, n: number, k: number, alpha: number],
    ...[a: number, lda: number, b: number, ldb: number],
    ...[beta: number, c: number, ldc: number, work: number],
  ]
) => void

/** The first bytes of the memory belong to the kernels: packed panels and a spare tile (at most 600 KiB), then the tables. */
export const tables = 640 * 1024
/** Then small copies of ordinary arrays. */
export const copies = 704 * 1024
/** Then the arena. */
export const reserved = 1 << 20
