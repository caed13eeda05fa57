/** Activations with the three derivatives that the theory of label noise needs, and a test of whether it applies. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ScalarMinimum from "./ScalarMinimum.ts"

/** Constants that the theory requires of an activation: see `Theory`. */
export interface ActivationConstants {
  /** Infimum of the first derivative. */
  readonly rho1: number
  /** Infimum of the third derivative. */
  readonly rho2: number
  /** Largest beta with `beta |phi''| <= phi'^2 phi'''`. */
  readonly beta: number
}

/** Writes the slopes at `z[from .. from + count - 1]` to `slopes` from `at` on, and returns the sum of the values there. */
export type Sweep = (
  z: Float64Array,
  from: number,
  count: number,
  slopes: Float64Array,
  at: number,
) => number

/** A function of one variable with three derivatives. */
export interface Activation {
  readonly name: string
  readonly value: (z: number) => number
  readonly first: (z: number) => number
  readonly second: (z: number) => number
  readonly third: (z: number) => number
  /** Inverse of `value`; default a safeguarded Newton iteration. */
  readonly inverse?: (u: number) => number
  /**
   * Values and slopes equal to those of `value` and `first`, for many arguments in one pass; default a loop that calls the two.
   */
  readonly sweep?: Sweep
  /**
   * Declares that value, slope and sweep are those of `z^3 + cubicSlope z`, which compiled steps compute themselves; omit it
   * with any other sweep.
   */
  readonly cubicSlope?: number | undefined
  /** Constants known on the whole line; default those that `assess` finds on an interval. */
  readonly constants?: ActivationConstants
}

/** Inverse of `z^3 + slope z`; absent for a negative slope, for which the function is not increasing. */
const inverseOf = (slope: number): Pick<Activation, "inverse"> => {
  if (slope < 0) return {}
  if (slope === 0) return { inverse: Elementary.cbrt }
  const scale = Math.sqrt(slope / 3)
  return {
    inverse: (u) =>
      2 * scale * Elementary.sinh(Elementary.asinh(u / (2 * Elementary.pow(scale, 3))) / 3),
  }
}

/**
 * `z^3 + slope z`, the running example of the theory (as recalled); `slope` default 1.
 *
 * Its inverse is `2 sqrt(slope / 3) sinh(asinh(u / (2 (slope / 3)^(3/2))) / 3)`, without cancellation for any u. Derived here.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation } from "@nonconvex/label-noise"
 *
 * const { first, inverse, value } = Activation.cubic(1)
 * value(2) // => 10
 * first(2) // => 13
 * inverse?.(10) // ≈ 2.000
 * ```
 */
export const cubic = (slope = 1): Activation => ({
  name: slope === 0 ? "z^3" : `z^3 + ${slope} z`,
  value: (z) => z * (z * z + slope),
  first: (z) => 3 * (z * z) + slope,
  second: (z) => 6 * z,
  third: () => 6,
  ...inverseOf(slope),
  sweep: (z, from, count, slopes, at) => {
    let sum = 0
    for (let j = 0; j < count; j++) {
      const here = z[from + j]!
      const square = here * here
      sum += here * (square + slope)
      slopes[at + j] = 3 * square + slope
    }
    return sum
  },
  cubicSlope: slope,
  constants: { rho1: slope, rho2: 6, beta: (16 / 3) * Elementary.pow(Math.max(0, slope), 1.5) },
})

/**
 * Slopes and the sum of the values of an activation, by its own sweep or one argument at a time.
 *
 * @internal
 */
export const sweep = (
  activation: Activation,
  z: Float64Array,
  from: number,
  count: number,
  slopes: Float64Array,
  at: number,
): number => {
  if (activation.sweep !== undefined) return activation.sweep(z, from, count, slopes, at)
  const { first, value } = activation
  let sum = 0
  for (let j = 0; j < count; j++) {
    const here = z[from + j]!
    sum += value(here)
    slopes[at + j] = first(here)
  }
  return sum
}

/** `sinh z`; beta is `3 sqrt(3) / 2`, attained where `sinh^2 z = 1/2`. */
export const sinh: Activation = {
  name: "sinh z",
  value: Elementary.sinh,
  first: Elementary.cosh,
  second: Elementary.sinh,
  third: Elementary.cosh,
  inverse: Elementary.asinh,
  constants: { rho1: 1, rho2: 1, beta: 1.5 * Math.sqrt(3) },
}

/** `z`, whose sharpness is constant: label noise does nothing along the minima. */
export const identity: Activation = {
  name: "z",
  value: (z) => z,
  first: () => 1,
  second: () => 0,
  third: () => 0,
  inverse: (u) => u,
  constants: { rho1: 1, rho2: 0, beta: 0 },
}

/** `z^2 / 2`, whose sharpness depends only on the labels if all data have the same norm. */
export const square: Activation = {
  name: "z^2 / 2",
  value: (z) => (z * z) / 2,
  first: (z) => z,
  second: () => 1,
  third: () => 0,
  constants: { rho1: Number.NEGATIVE_INFINITY, rho2: 0, beta: 0 },
}

/** Applicability of the theory of label noise to an activation, with its constants. */
export interface Assessment extends ActivationConstants {
  /** True if all three constants are positive: the sharpness flow then reaches the flat limit at an exponential rate. */
  readonly applies: boolean
  /** The first assumption that fails, or a statement that none does. */
  readonly reason: string
  /** The constants are infima over `[-range, range]`; Infinity if they are known on the whole line. */
  readonly range: number
}

const reasonOf = ({ beta, rho1, rho2 }: ActivationConstants): string => {
  if (!(rho1 > 0)) return "the first derivative is not bounded away from 0"
  if (!(rho2 > 0)) return "the third derivative is not bounded away from 0"
  if (!(beta > 0)) return "no beta > 0 satisfies beta |phi''| <= phi'^2 phi'''"
  return "all assumptions hold"
}

/**
 * Tests whether the theory applies to an activation, by its known constants or by a search on `[-range, range]`; `range` default
 * 10. Derived here.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation } from "@nonconvex/label-noise"
 *
 * Activation.assess(Activation.cubic(1)).applies // => true
 * Activation.assess(Activation.cubic(0)).applies // => false
 * ```
 */
export const assess = (activation: Activation, range = 10): Assessment => {
  const { first, second, third } = activation
  const constants = activation.constants ?? {
    rho1: ScalarMinimum.minimum(first, range),
    rho2: ScalarMinimum.minimum(third, range),
    beta: ScalarMinimum.minimum((z) => {
      const curvature = Math.abs(second(z))
      return curvature === 0
        ? Number.POSITIVE_INFINITY
        : (Elementary.square(first(z)) * third(z)) / curvature
    }, range),
  }
  const reason = reasonOf(constants)
  return {
    ...constants,
    applies: reason === "all assumptions hold",
    reason,
    range: activation.constants === undefined ? range : Number.POSITIVE_INFINITY,
  }
}
