import * as Perturbation from "./Perturbation.ts"

import { sharpnessAware } from "./SharpnessAware.ts"
import type { UpdateState } from "./Update.ts"
import type { SamOptions, SharpnessAwareMethod } from "./internal/SamOptions.ts"

/**
 * SAM without the normalisation: the radius multiplies the gradient. Throws InvalidInput as `sam` does.
 *
 * Source: Andriushchenko and Flammarion 2022, as recalled.
 *
 * @example
 * ```ts import.meta.vitest
 * import { quadratic, sgd, usam } from "@nonconvex/problems"
 *
 * // at curvature 10 and radius 0.2 USAM is unstable from a rate of 1/15 on, gradient descent from 1/5
 * const method = usam({ radius: 0.2, base: sgd({ learningRate: 0.1 }) })
 * const state = method.init(quadratic({ spectrum: [10] }), Float64Array.of(1))
 * for (let step = 0; step < 10; step++) method.step(state)
 * Math.abs(state.point[0]!) > 1 // => true
 * ```
 */
export const usam = <Inner extends UpdateState>({
  base,
  radius = 0.05,
}: SamOptions<Inner>): SharpnessAwareMethod<Inner> =>
  sharpnessAware(Perturbation.unnormalised(radius), base)
