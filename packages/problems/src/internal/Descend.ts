import type { Kernels } from "@nonconvex/numerics/Kernels"

/** Rule `w <- w - rate g`, with the gradient g at w, at `w + radius g / |g|`, or at `w + radius g`. */
export interface DescentRule {
  readonly rate: number
  readonly ascent: "none" | "normalised" | "unnormalised"
  readonly radius: number
}

/**
 * Takes up to `steps` steps of a rule from every point, in place, and returns the number of steps; 0 if it does not support
 * the rule.
 *
 * A step has the same bits as the rule with gradients from `valueAndGradient`. It stops before a step with a loss or
 * gradient that is not finite, so that methods keep the last finite state.
 */
export type Descend = (
  points: ReadonlyArray<Float64Array>,
  rule: DescentRule,
  steps: number,
  kernels?: Kernels,
) => number
