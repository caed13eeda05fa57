/** The methods by their names in the literature: a perturbation over a base method. */
import type * as Schedule from "@nonconvex/problems/Schedule"
import type { Method } from "@nonconvex/problems/Method"
import type { Update, UpdateState } from "@nonconvex/problems/Update"
import * as Perturbation from "./Perturbation.ts"
import { sharpnessAware, type SharpnessAwareState } from "./SharpnessAware.ts"

interface SamOptions<Inner extends UpdateState> {
  /** Radius of the perturbation, in units of the parameters; 0.05 where it is not given. */
  readonly radius?: number | Schedule.Schedule
  /** What the perturbed gradient is fed to: `sgd`, `momentum`, `nesterov`, `adamW`, with decay or clipping around it. */
  readonly base: Update<Inner>
}

type SharpnessAwareMethod<Inner extends UpdateState> = Method<SharpnessAwareState<Inner>>

/**
 * Sharpness-aware minimisation (Foret, Kleiner, Mobahi, Neyshabur 2021).
 *
 * @example
 * ```ts import.meta.vitest
 * import { sam } from "@nonconvex/optim-sam"
 * import { scalarFactorisation, sgd } from "@nonconvex/problems"
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

/** SAM without the normalisation (Andriushchenko and Flammarion 2022); the radius multiplies the gradient. */
export const usam = <Inner extends UpdateState>({
  base,
  radius = 0.05,
}: SamOptions<Inner>): SharpnessAwareMethod<Inner> =>
  sharpnessAware(Perturbation.unnormalised(radius), base)

/** Between USAM (`normalisation` 0) and SAM (1); see `Perturbation.unified`. */
export const unifiedSam = <Inner extends UpdateState>({
  base,
  normalisation,
  radius = 0.05,
}: SamOptions<Inner> & {
  readonly normalisation: number | Schedule.Schedule
}): SharpnessAwareMethod<Inner> => sharpnessAware(Perturbation.unified(radius, normalisation), base)

/** Adaptive SAM; the radius is relative to the parameters, 0.5 where it is not given. */
export const asam = <Inner extends UpdateState>({
  base,
  offset,
  radius = 0.5,
}: SamOptions<Inner> & { readonly offset?: number }): SharpnessAwareMethod<Inner> =>
  sharpnessAware(Perturbation.adaptive(radius, offset), base)

/** SAM over a ball of the p-norm, `1 < p <= Infinity`. */
export const pNormSam = <Inner extends UpdateState>({
  base,
  p,
  radius = 0.05,
}: SamOptions<Inner> & { readonly p: number }): SharpnessAwareMethod<Inner> =>
  sharpnessAware(Perturbation.pNorm(radius, p), base)
