import * as Perturbation from "./Perturbation.ts"

import { sharpnessAware } from "./SharpnessAware.ts"
import type { UpdateState } from "./Update.ts"
import type { SamOptions, SharpnessAwareMethod } from "./internal/SamOptions.ts"

/**
 * Adaptive SAM: the radius (default 0.5) is relative to the magnitudes of the parameters plus `offset` (default 0.01); see
 * `Perturbation.adaptive`. Throws InvalidInput on a radius or an offset that is negative or not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { asam, quadratic, sgd } from "@nonconvex/problems"
 *
 * const method = asam({ radius: 0.5, base: sgd({ learningRate: 0.05 }) })
 * const state = method.init(quadratic({ spectrum: [10, 1] }), Float64Array.of(1, 1))
 * method.step(state) // => 5.5
 * ```
 */
export const asam = <Inner extends UpdateState>({
  base,
  offset,
  radius = 0.5,
}: SamOptions<Inner> & { readonly offset?: number }): SharpnessAwareMethod<Inner> =>
  sharpnessAware(Perturbation.adaptive(radius, offset), base)
