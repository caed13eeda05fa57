/** Perturbations of sharpness-aware steps: rules that turn a gradient into the point of the second gradient. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Schedule from "./Schedule.ts"

/**
 * Rule for the perturbed point. The radius of a step comes from `radius`; 0 makes the step a plain one.
 *
 * Constructors throw InvalidInput on a constant radius that is negative or not finite. Schedules are not checked; a radius
 * applies only if it is positive.
 */
export interface Perturbation {
  readonly name: string
  readonly radius: Schedule.Schedule
  /** The rule as data, if it is `w + radius g / |g|` or `w + radius g` with a constant radius; a twin may use it. */
  readonly constantAscent?: ConstantAscent | undefined
  /**
   * Writes the perturbed point into `out`; it equals `point` if the gradient is zero. `radius` is positive; `out` may be
   * `point`.
   */
  perturb(radius: number, step: number, ...arrays: Arrays): void
}

interface ConstantAscent {
  readonly kind: "normalised" | "unnormalised"
  readonly radius: number
}

type Arrays = [point: Float64Array, gradient: Float64Array, out: Float64Array]

const radiusSchedule = (operation: string, radius: number | Schedule.Schedule) =>
  Schedule.from(operation, "radius", radius, 0)

const constantAscent = (
  kind: ConstantAscent["kind"],
  radius: number | Schedule.Schedule,
): ConstantAscent | undefined => (typeof radius === "number" ? { kind, radius } : undefined)

/**
 * Norm of a gradient. Computed as a plain sum of squares if that is safe. It is small enough to be inlined into a step;
 * otherwise the engine would allocate its result.
 */
const normOf = (gradient: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * gradient[i]!
  return Vector.isSafeSum(sum) ? Math.sqrt(sum) : Vector.norm(gradient)
}

type Along = (...given: [numerator: number, norm: number, ...arrays: Arrays]) => void

/** Writes `point + numerator gradient / norm` where the quotient of the two numbers overflows. */
const alongTinyGradient: Along = (numerator, norm, point, gradient, out) => {
  for (let i = 0; i < point.length; i++) out[i] = point[i]! + numerator * (gradient[i]! / norm)
}

/** Writes `point + numerator gradient / norm`. */
const alongGradient: Along = (numerator, norm, point, gradient, out) => {
  const scale = numerator / norm
  if (scale === Number.POSITIVE_INFINITY) {
    alongTinyGradient(numerator, norm, point, gradient, out)
  } else {
    for (let i = 0; i < point.length; i++) out[i] = point[i]! + scale * gradient[i]!
  }
}

/**
 * SAM: `w + rho g / |g|`, with the norm over all parameters together. No epsilon is added to the norm.
 *
 * Foret, Kleiner, Mobahi, Neyshabur 2021, equations 2 and 3 for p = 2 (as recalled).
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Perturbation from "@nonconvex/problems/Perturbation"
 *
 * const out = new Float64Array(2)
 * Perturbation.normalised(0.5).perturb(0.5, 0, Float64Array.of(1, 0), Float64Array.of(3, 4), out)
 * out // ≈ [1.3000, 0.4000]
 * ```
 */
export const normalised = (radius: number | Schedule.Schedule): Perturbation => ({
  name: "sam",
  radius: radiusSchedule("Perturbation.normalised", radius),
  constantAscent: constantAscent("normalised", radius),
  perturb: (rho, _step, point, gradient, out) => {
    const norm = normOf(gradient)
    if (norm === 0) out.set(point)
    else alongGradient(rho, norm, point, gradient, out)
  },
})

/** USAM: `w + rho g`, without the normalisation (Andriushchenko and Flammarion 2022, as recalled). */
export const unnormalised = (radius: number | Schedule.Schedule): Perturbation => ({
  name: "usam",
  radius: radiusSchedule("Perturbation.unnormalised", radius),
  constantAscent: constantAscent("unnormalised", radius),
  perturb: (rho, _step, point, gradient, out) => {
    for (let i = 0; i < point.length; i++) out[i] = point[i]! + rho * gradient[i]!
  },
})

/**
 * Family from USAM (`normalisation` 0) to SAM (1): `w + rho (1 - lambda + lambda / |g|) g`.
 *
 * `normalisation` may be a schedule, such as `(t) => 1 / (t + 1)` or `(t) => 1 - 1 / (t + 1)` for steps t = 0, 1, ...
 * (Oikonomou and Loizou 2025).
 */
export const unified = (
  radius: number | Schedule.Schedule,
  normalisation: number | Schedule.Schedule,
): Perturbation => {
  if (typeof normalisation === "number" && !(normalisation >= 0 && normalisation <= 1)) {
    invalid("Perturbation.unified", "normalisation must be from 0 to 1", { normalisation })
  }
  const lambda = Schedule.from("Perturbation.unified", "normalisation", normalisation)
  return {
    name: "unified",
    radius: radiusSchedule("Perturbation.unified", radius),
    perturb: (rho, step, point, gradient, out) => {
      const norm = normOf(gradient)
      const part = lambda(step)
      if (norm === 0) out.set(point)
      else if (part === 0) alongGradient(rho, 1, point, gradient, out)
      else alongGradient(rho * ((1 - part) * norm + part), norm, point, gradient, out)
    },
  }
}

/**
 * ASAM, element-wise: `w + rho T^2 g / |T g|` with `T = diag(|w_i| + offset)` (Kwon, Kim, Park, Choi 2021, as recalled).
 *
 * With offset 0 it is invariant to positive rescalings of coordinates that leave the loss unchanged.
 */
export const adaptive = (radius: number | Schedule.Schedule, offset = 0.01): Perturbation => {
  Require.nonNegative("Perturbation.adaptive", "offset", offset)
  return {
    name: "asam",
    radius: radiusSchedule("Perturbation.adaptive", radius),
    perturb: (rho, _step, point, gradient, out) => {
      // |T g| by a scaled second pass: `out` may be `point`, so it cannot hold T g
      let largest = 0
      for (let i = 0; i < point.length; i++) {
        largest = Math.max(largest, Math.abs((Math.abs(point[i]!) + offset) * gradient[i]!))
      }
      if (largest === 0) {
        out.set(point)
        return
      }
      let square = 0
      for (let i = 0; i < point.length; i++) {
        square += Elementary.square(((Math.abs(point[i]!) + offset) * gradient[i]!) / largest)
      }
      const scale = rho / Math.sqrt(square)
      for (let i = 0; i < point.length; i++) {
        const width = Math.abs(point[i]!) + offset
        out[i] = point[i]! + scale * width * ((width * gradient[i]!) / largest)
      }
    },
  }
}

/**
 * Maximiser of the linearised loss over a p-norm ball, `1 < p <= Infinity`: `w + rho sign(g) |g|^(q-1) / (|g|_q^q)^(1/p)`
 * with `1/p + 1/q = 1` (Foret et al. 2021, equation 2, as recalled).
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Perturbation from "@nonconvex/problems/Perturbation"
 *
 * const out = new Float64Array(2)
 * // the far corner of a cube
 * Perturbation.pNorm(0.5, Infinity).perturb(0.5, 0, Float64Array.of(1, 0), Float64Array.of(3, -4), out)
 * out // ≈ [1.5000, -0.5000]
 * ```
 */
export const pNorm = (radius: number | Schedule.Schedule, p: number): Perturbation => {
  if (!(p > 1)) {
    invalid("Perturbation.pNorm", "p must be greater than 1", { p })
  }
  const q = p === Number.POSITIVE_INFINITY ? 1 : p / (p - 1)
  return {
    name: `${p}-norm sam`,
    radius: radiusSchedule("Perturbation.pNorm", radius),
    perturb: (rho, _step, point, gradient, out) => {
      // the direction does not depend on the length of g, so powers are taken of g / max |g|
      const largest = Vector.maxAbs(gradient)
      if (largest === 0) {
        out.set(point)
        return
      }
      let sum = 0
      for (let i = 0; i < point.length; i++)
        sum += Elementary.pow(Math.abs(gradient[i]! / largest), q)
      const scale = rho / Elementary.pow(sum, 1 / p)
      for (let i = 0; i < point.length; i++) {
        const ratio = gradient[i]! / largest
        out[i] = point[i]! + scale * Math.sign(ratio) * Elementary.pow(Math.abs(ratio), q - 1)
      }
    },
  }
}
