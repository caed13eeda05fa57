/** The methods by their names in the literature: a perturbation over a base method. */
import type { Method } from "./Method.ts"
import * as Perturbation from "./Perturbation.ts"
import type * as Schedule from "./Schedule.ts"
import { sharpnessAware, type SharpnessAwareState } from "./SharpnessAware.ts"
import type { Update, UpdateState } from "./Update.ts"

interface SamOptions<Inner extends UpdateState> {
  /** Radius of the perturbation, in units of the parameters, or a schedule of radii by the step; default 0.05. */
  readonly radius?: number | Schedule.Schedule
  /** The update that gets the perturbed gradient: `sgd`, `momentum`, `nesterov` or `adamW`, with decay or clipping around it if you like. */
  readonly base: Update<Inner>
}

type SharpnessAwareMethod<Inner extends UpdateState> = Method<SharpnessAwareState<Inner>>

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

/**
 * Adaptive SAM: the radius is relative to the parameters, default 0.5; `offset` is added to their magnitudes, default 0.01; see
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
