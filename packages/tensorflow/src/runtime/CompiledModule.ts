/** Part of the compiled module of `@nonconvex/native` that the backend calls: on float32 with channels last, in place. */

/** Null where an operation refuses its arguments, and has changed nothing. */
type Done = undefined | null

export interface CompiledModule {
  readonly convolve: (
    shape: Uint32Array,
    images: Float32Array,
    filter: Float32Array,
    out: Float32Array,
    threads: number,
  ) => Done
  readonly filterGradient: (
    shape: Uint32Array,
    images: Float32Array,
    dy: Float32Array,
    out: Float32Array,
    threads: number,
  ) => Done
  readonly imageGradient: (
    shape: Uint32Array,
    dy: Float32Array,
    filter: Float32Array,
    out: Float32Array,
    threads: number,
  ) => Done
  readonly maxPool: (shape: Uint32Array, images: Float32Array, out: Float32Array) => Done
  readonly maxPoolGradient: (
    shape: Uint32Array,
    dy: Float32Array,
    images: Float32Array,
    largest: Float32Array,
    out: Float32Array,
  ) => Done
  /** As many numbers each. */
  readonly reluGradient: (numbers: Float32Array, dy: Float32Array, out: Float32Array) => Done
  readonly gemm: (
    transposeA: boolean,
    transposeB: boolean,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: Float32Array,
    b: Float32Array,
    beta: number,
    c: Float32Array,
    threads: number,
  ) => unknown
}
