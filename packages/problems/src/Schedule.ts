import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"

/** A hyper-parameter as a function of the step, counted from 0. */
export type Schedule = (step: number) => number

/** The same value at every step. */
export const constant =
  (value: number): Schedule =>
  () =>
    value

/** A number stands for a constant schedule. Throws InvalidInput on a number that is not finite. */
export const from = (value: number | Schedule): Schedule => {
  if (typeof value !== "number") return value
  Require.finite("Schedule.from", "value", value)
  return constant(value)
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
