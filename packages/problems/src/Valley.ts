import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import * as Constants from "./Constants.ts"
import { planeDescent } from "./internal/PlaneDescent.ts"
import type { Described } from "./Objective.ts"

/** The curvature across a valley as a function of the position along it, with its first two derivatives. */
interface CurvatureProfile {
  readonly value: (x: number) => number
  readonly derivative: (x: number) => number
  readonly secondDerivative: (x: number) => number
}

/**
 * `a(x) y^2 / 2` for a curvature `a`: the whole axis `y = 0` is critical, and where `a > 0` it is a valley of minima with
 * varying sharpness.
 */
export const valleyAlong = (
  curvature: CurvatureProfile,
  constants: Constants.Constants = {},
): Described => ({
  name: "valley",
  dimension: 2,
  constants,
  valueAndGradient: (point, gradient) => {
    const y = point[1]!
    const a = curvature.value(point[0]!)
    gradient[0] = 0.5 * curvature.derivative(point[0]!) * y * y
    gradient[1] = a * y
    return 0.5 * a * y * y
  },
  hessianVector: (point, v, out) => {
    const x = point[0]!
    const y = point[1]!
    const first = v[0]!
    const second = v[1]!
    const mixed = curvature.derivative(x) * y
    out[0] = 0.5 * curvature.secondDerivative(x) * y * y * first + mixed * second
    out[1] = mixed * first + curvature.value(x) * second
  },
})

/**
 * Valley with curvature `base + amplitude sin x`.
 *
 * If `base > |amplitude|` it is Polyak-Lojasiewicz with the smallest curvature: `|grad f|^2 / 2 >= a^2 y^2 / 2 = a f`, with
 * equality where `a' = 0` (derived here). It has no global smoothness. Throws InvalidInput on numbers that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { valley } from "@nonconvex/problems"
 *
 * valley({ base: 2, amplitude: 1 }).valueAndGradient(Float64Array.of(0, 1), new Float64Array(2)) // => 1
 * ```
 */
export const valley = (options: {
  readonly base: number
  readonly amplitude: number
}): Described => {
  const { amplitude, base } = options
  Require.finite("valley", "base", base)
  Require.finite("valley", "amplitude", amplitude)
  const smallest = base - Math.abs(amplitude)
  const along = valleyAlong(
    {
      value: (x) => base + amplitude * Elementary.sin(x),
      derivative: (x) => amplitude * Elementary.cos(x),
      secondDerivative: (x) => -amplitude * Elementary.sin(x),
    },
    {
      ...(smallest >= 0 && { minimum: Constants.exact(0, "attained on y = 0") }),
      ...(smallest > 0 && {
        polyakLojasiewicz: Constants.exact(smallest, "base - |amplitude|, the smallest curvature"),
      }),
    },
  )
  return { ...along, descend: planeDescent("valley", base, amplitude) }
}
