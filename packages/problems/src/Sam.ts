import * as Perturbation from "./Perturbation.ts"
import { sharpnessAware } from "./SharpnessAware.ts"
import type { UpdateState } from "./Update.ts"
import type { SamOptions, SharpnessAwareMethod } from "./internal/SamOptions.ts"

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
