import type * as Kernels from "@nonconvex/numerics/Kernels"

/** These kernels where their memory has `bytes` left, else kernels of the same build with as much of their own. */
export const withRoom = (kernels: Kernels.Kernels, bytes: number): Kernels.Kernels => {
  const { capacity, used } = kernels.arena
  return used + bytes <= capacity ? kernels : kernels.withCapacity(bytes)
}

/** What the ends of a few blocks at cache lines may take. */
export const slack = 2 ** 16
