import * as Perturbation from "./Perturbation.ts"

import { sharpnessAware } from "./SharpnessAware.ts"
import type { UpdateState } from "./Update.ts"
import type { SamOptions, SharpnessAwareMethod } from "./internal/SamOptions.ts"

/**
 * SAM over a ball of the p-norm, `1 < p <= Infinity`; see `Perturbation.pNorm`. Throws InvalidInput as `sam` does, and on another p.
 *
 * @example
 * ```ts import.meta.vitest
 * import { pNormSam, quadratic, sgd } from "@nonconvex/problems"
 *
 * const method = pNormSam({ radius: 0.05, p: Infinity, base: sgd({ learningRate: 0.05 }) })
 * const state = method.init(quadratic({ spectrum: [10, 1] }), Float64Array.of(1, 1))
 * method.step(state) // => 5.5
 * ```
 */
export const pNormSam = <Inner extends UpdateState>({
  base,
  p,
  radius = 0.05,
}: SamOptions<Inner> & { readonly p: number }): SharpnessAwareMethod<Inner> =>
  sharpnessAware(Perturbation.pNorm(radius, p), base)
