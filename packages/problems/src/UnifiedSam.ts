import * as Perturbation from "./Perturbation.ts"

import type * as Schedule from "./Schedule.ts"
import { sharpnessAware } from "./SharpnessAware.ts"
import type { UpdateState } from "./Update.ts"
import type { SamOptions, SharpnessAwareMethod } from "./internal/SamOptions.ts"

/**
 * Between USAM (`normalisation` 0) and SAM (1); see `Perturbation.unified`. Throws InvalidInput as `sam` does, and on a
 * normalisation outside of [0, 1].
 *
 * @example
 * ```ts import.meta.vitest
 * import { quadratic, sgd, unifiedSam } from "@nonconvex/problems"
 *
 * const method = unifiedSam({ radius: 0.05, normalisation: 0.5, base: sgd({ learningRate: 0.05 }) })
 * const state = method.init(quadratic({ spectrum: [10, 1] }), Float64Array.of(1, 1))
 * method.step(state) // => 5.5
 * ```
 */
export const unifiedSam = <Inner extends UpdateState>({
  base,
  normalisation,
  radius = 0.05,
}: SamOptions<Inner> & {
  readonly normalisation: number | Schedule.Schedule
}): SharpnessAwareMethod<Inner> => sharpnessAware(Perturbation.unified(radius, normalisation), base)
