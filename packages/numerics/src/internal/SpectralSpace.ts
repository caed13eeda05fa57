/** Memory of an eigenvalue problem: plain arrays when it is small, else the memory of the kernels. */
import type { Workspace } from "../Workspace.ts"
import * as Kernels from "../Kernels.ts"
import { plainSpectralKernels, type SpectralKernels } from "../kernels/SpectralKernels.ts"

/** Below this dimension, setting up the arena costs more than compiled loops save. */
const smallest = 20

/** Memory for small problems, allocated once; no use outlives its call or is nested. */
let pool = new Float64Array(0)

/** Arrays from the pool, one after another; `doubles` numbers in total. */
const pooled = (doubles: number): Workspace => {
  if (pool.length < doubles) pool = new Float64Array(2 * doubles)
  let next = 0
  return {
    f64: (length) => {
      if (next + length > pool.length) return new Float64Array(length)
      const array = pool.subarray(next, next + length)
      next += length
      return array.fill(0)
    },
    f32: (length) => new Float32Array(length),
    i32: (length) => new Int32Array(length),
  }
}

/**
 * Runs `use` with zeroed arrays for a problem of dimension n that needs `doubles` numbers, and the kernels that fit them.
 *
 * If the arena has no room for the problem, the kernels get a separate memory for the duration of the call. Throws ArenaFull
 * if that is impossible.
 */
export const using = <A>(
  kernels: Kernels.Kernels,
  n: number,
  doubles: number,
  use: (space: Workspace, kernels: SpectralKernels) => A,
): A => {
  if (n < smallest) return use(pooled(doubles), plainSpectralKernels)
  const own = Kernels.withRoom(kernels, 8 * doubles)
  return own.arena.scoped((space) => use(space, own))
}
