/** Options and type of the methods of sharpness-aware minimisation. */
import type { Method } from "../Method.ts"
import type * as Schedule from "../Schedule.ts"
import { type SharpnessAwareState } from "../SharpnessAware.ts"
import type { Update, UpdateState } from "../Update.ts"

/** Options of SAM and its variants: a radius, and the base update. */
export interface SamOptions<Inner extends UpdateState> {
  /** Radius of the perturbation, in units of the parameters, or a schedule of radii by the step; default 0.05. */
  readonly radius?: number | Schedule.Schedule
  /**
   * Update that receives the perturbed gradient: `sgd`, `momentum`, `nesterov` or `adamW`, optionally with decay or
   * clipping.
   */
  readonly base: Update<Inner>
}

export type SharpnessAwareMethod<Inner extends UpdateState> = Method<SharpnessAwareState<Inner>>
