/** Memory of the arrays that kernels work on: large arrays have their own memory inside the kernels, without copies. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Floats } from "./Model.ts"

/** Number of bytes from which on a separate memory is worth the cost of creating it. */
const large = 2 ** 18

/** Memory for `bytes` bytes of arrays like `like`, plus the same amount for copies of ordinary arrays. */
export const kernelMemory = <A extends Floats>(shared: Kernels.Kernels, bytes: number, like: A) => {
  const isOwn = bytes > large
  const kernels = isOwn ? shared.withCapacity(bytes + 2 ** 20) : shared
  const space = isOwn ? kernels.arena : undefined
  const doubles = (length: number) => space?.f64(length) ?? new Float64Array(length)
  const singles = (length: number) => space?.f32(length) ?? new Float32Array(length)
  return {
    kernels,
    doubles,
    /** Zeros, of the element type. */
    floats: (length: number) =>
      (like instanceof Float64Array ? doubles(length) : singles(length)) as A,
  }
}
