/**
 * Generator behind published golden numbers: mulberry32 (Tommy Ettinger, 2017) with Box-Muller normals.
 *
 * Only for reproducing those numbers, because it has 32 bits of state. Use RandomStream for everything else.
 */
import * as Elementary from "./Elementary.ts"

/**
 * Uniform numbers k / 2^32 in [0, 1) from a 32-bit seed.
 *
 * @example
 * ```ts import.meta.vitest
 * import { mulberry32 } from "@nonconvex/numerics"
 *
 * const uniform = mulberry32(1)
 * const first = [uniform(), uniform()] // ≈ [0.62707394, 0.00273572]
 * ```
 */
export const mulberry32 = (seed: number): (() => number) => {
  let a = seed
  return () => {
    a |= 0
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * Standard normals by Box-Muller: u is redrawn while 0, then v; returns the cosine member now, and the sine member at the
 * next call.
 */
export const gaussian = (uniform: () => number): (() => number) => {
  let pending: number | undefined
  return () => {
    if (pending !== undefined) {
      const value = pending
      pending = undefined
      return value
    }
    let u = uniform()
    while (u === 0) u = uniform()
    const v = uniform()
    const radius = Math.sqrt(-2 * Elementary.log(u))
    pending = radius * Elementary.sin(2 * Math.PI * v)
    return radius * Elementary.cos(2 * Math.PI * v)
  }
}
