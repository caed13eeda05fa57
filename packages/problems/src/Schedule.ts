import * as Elementary from "@nonconvex/numerics/Elementary"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"

/** A hyper-parameter as a function of the step, counted from 0. */
export type Schedule = (step: number) => number

/**
 * A number stands for a constant schedule. Throws InvalidInput, which names the operation and the quantity, unless the value is
 * a function or a finite number of at least `minimum` (default: no limit).
 */
export const from = (
  operation: string,
  name: string,
  value: number | Schedule,
  minimum = -Infinity,
): Schedule => {
  if (typeof value === "function") return value
  if (!Number.isFinite(value) || value < minimum) {
    const range =
      minimum === -Infinity ? "a finite number" : `a finite number of at least ${minimum}`
    invalid(operation, `${name} must be ${range}, or a function of the step`, { [name]: value })
  }
  return () => value
}

/**
 * Half a cosine from `initial` down to 0 over `steps` steps, then 0. Throws InvalidInput on bad numbers.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Schedule from "@nonconvex/problems/Schedule"
 *
 * Schedule.cosine(1, 100)(50) // => 0.5
 * ```
 */
export const cosine = (initial: number, steps: number): Schedule => {
  Require.finite("Schedule.cosine", "initial", initial)
  Require.count("Schedule.cosine", "steps", steps)
  return (step) =>
    step >= steps ? 0 : (initial / 2) * (1 + Elementary.cos((Math.PI * step) / steps))
}

/** `initial` multiplied by `factor` at each of the given steps. Throws InvalidInput on numbers that are not finite. */
export const piecewise = (initial: number, factor: number, at: ReadonlyArray<number>): Schedule => {
  Require.finite("Schedule.piecewise", "initial", initial)
  Require.finite("Schedule.piecewise", "factor", factor)
  for (const milestone of at) Require.finite("Schedule.piecewise", "at", milestone)
  return (step) => {
    let passed = 0
    for (let i = 0; i < at.length; i++) if (step >= at[i]!) passed++
    return initial * Elementary.pow(factor, passed)
  }
}
