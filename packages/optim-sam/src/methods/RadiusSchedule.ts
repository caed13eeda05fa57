import * as Require from "@nonconvex/numerics/Require"
import * as Schedule from "@nonconvex/problems/Schedule"

/**
 * Perturb at steps 0, j, 2j, ... and take plain steps between them, which cost one gradient instead of two.
 *
 * Throws InvalidInput unless j is a positive integer.
 *
 * @example
 * ```ts import.meta.vitest
 * import { everyNth } from "@nonconvex/optim-sam"
 *
 * const radius = everyNth(2, 0.05)
 * radius(0) // => 0.05
 * radius(1) // => 0
 * ```
 */
export const everyNth = (j: number, radius: number | Schedule.Schedule): Schedule.Schedule => {
  Require.count("everyNth", "j", j)
  const inner = Schedule.from(radius)
  return (step) => (step % j === 0 ? inner(step) : 0)
}

/**
 * Plain steps before step `from`, then sharpness-aware ones: late-phase SAM costs `1 + share of the late phase` gradients.
 *
 * Throws InvalidInput unless `from` is a finite number of at least 0, a share of the steps say.
 */
export const latePhase = (from: number, radius: number | Schedule.Schedule): Schedule.Schedule => {
  Require.nonNegative("latePhase", "from", from)
  const inner = Schedule.from(radius)
  return (step) => (step < from ? 0 : inner(step))
}
