/** Arrays in kernel memory; a scope inside an arena is one too. */
export interface Workspace {
  /** `length` zeros of float64. Throws ArenaFull. */
  f64(length: number): Float64Array<ArrayBuffer>
  /** `length` zeros of float32. Throws ArenaFull. */
  f32(length: number): Float32Array<ArrayBuffer>
  /** `length` zeros of 32-bit integers. Throws ArenaFull. */
  i32(length: number): Int32Array<ArrayBuffer>
}
