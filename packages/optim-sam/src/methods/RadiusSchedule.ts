import * as Require from "@nonconvex/numerics/Require"
import * as Schedule from "@nonconvex/problems/Schedule"

/**
 * Perturbs at steps 0, j, 2j, ...; the steps between are plain and cost one gradient instead of two.
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
  const inner = Schedule.from("everyNth", "radius", radius, 0)
  return (step) => (step % j === 0 ? inner(step) : 0)
}

/**
 * Plain steps before step `from`, then sharpness-aware ones. Late-phase SAM costs `1 + share of the late phase` gradients
 * per step.
 *
 * `from` need not be an integer, so `0.9 * steps` is valid. Throws InvalidInput unless it is finite and at least 0.
 *
 * @example
 * ```ts import.meta.vitest
 * import { latePhase } from "@nonconvex/optim-sam"
 *
 * const radius = latePhase(0.9 * 100, 0.05)
 * radius(89) // => 0
 * radius(90) // => 0.05
 * ```
 */
export const latePhase = (from: number, radius: number | Schedule.Schedule): Schedule.Schedule => {
  Require.nonNegative("latePhase", "from", from)
  const inner = Schedule.from("latePhase", "radius", radius, 0)
  return (step) => (step < from ? 0 : inner(step))
}
