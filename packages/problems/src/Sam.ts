import type { Method } from "./Method.ts"
import * as Perturbation from "./Perturbation.ts"
import type * as Schedule from "./Schedule.ts"
import { sharpnessAware, type SharpnessAwareState } from "./SharpnessAware.ts"
import type { Update, UpdateState } from "./Update.ts"

/** Options of SAM and its variants: a radius, and the base update. */
export interface SamOptions<Inner extends UpdateState> {
  /** Radius of the perturbation, in units of the parameters, or a schedule of radii by the step; default 0.05. */
  readonly radius?: number | Schedule.Schedule
  /** The update that gets the perturbed gradient: `sgd`, `momentum`, `nesterov` or `adamW`, with decay or clipping around it if you like. */
  readonly base: Update<Inner>
}

export type SharpnessAwareMethod<Inner extends UpdateState> = Method<SharpnessAwareState<Inner>>

/**
 * Sharpness-aware minimisation: each step moves the point along the gradient at the distance `radius` uphill.
 *
 * Throws InvalidInput on a radius that is negative or not finite. Source: Foret, Kleiner, Mobahi, Neyshabur 2021, equations
 * 2 and 3, as recalled.
 *
 * @example
 * ```ts import.meta.vitest
 * import { sam } from "@nonconvex/problems/Sam"
 * import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
 * import { sgd } from "@nonconvex/problems/Sgd"
 *
 * const method = sam({ radius: 0.25, base: sgd({ learningRate: 0.0625 }) })
 * const state = method.init(scalarFactorisation(), Float64Array.of(2, 3))
 * method.step(state) // => 18
 * Array.from(state.point) // => [0.6405154716078751, 2.0436222656480862]
 * ```
 */
export const sam = <Inner extends UpdateState>({
  base,
  radius = 0.05,
}: SamOptions<Inner>): SharpnessAwareMethod<Inner> =>
  sharpnessAware(Perturbation.normalised(radius), base)
