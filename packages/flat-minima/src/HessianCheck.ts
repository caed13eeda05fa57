import { Differences, RandomStream, type Seed, Vector } from "@nonconvex/numerics"
import type { Objective } from "@nonconvex/problems"
import { Schema } from "effect"
import { requirePoint } from "./Input.ts"

/** An objective whose Hessian-vector product is not the derivative of its gradient. */
export class HessianMismatch extends Schema.TaggedError<HessianMismatch>()("HessianMismatch", {
  objective: Schema.String,
  /** |H v - differences| / (|H v| + |differences|), 1 at most. */
  relativeError: Schema.Number,
  tolerance: Schema.Number,
}) {
  override get message(): string {
    return (
      `${this.objective}: its hessianVector contradicts its gradient (relative error ${this.relativeError}, ` +
      `allowed ${this.tolerance}); correct it, or leave it out and differences are taken`
    )
  }
}

/**
 * Compares `hessianVector` with central differences of the gradient along two random directions. Throws HessianMismatch; an objective
 * without its own product passes. The default tolerance 1e-3 lets kinks of piecewise linear networks pass, and no wrong factor.
 */
export const checkHessian = (
  objective: Objective,
  point: Float64Array,
  options: { readonly seed: Seed.Seed; readonly tolerance?: number },
): void => {
  const { seed, tolerance = 1e-3 } = options
  requirePoint("checkHessian", point, objective.dimension)
  if (objective.hessianVector === undefined) return
  const n = point.length
  const v = new Float64Array(n)
  const own = new Float64Array(n)
  const differences = new Float64Array(n)
  const gradient = (x: Float64Array, out: Float64Array) => objective.valueAndGradient(x, out)
  for (let k = 0; k < 2; k++) {
    RandomStream.make(seed.child(k)).fillSphere(v)
    objective.hessianVector(point, v, own)
    Differences.hessianVector(gradient, point, v, differences)
    const size = Vector.norm(own) + Vector.norm(differences)
    objective.valueAndGradient(point, v)
    // what differences of gradients of this size cannot see
    const noise = 1e-8 * (1 + Vector.norm(v))
    const relativeError = Vector.distance(own, differences) / (size + noise)
    if (!(relativeError <= tolerance)) {
      throw new HessianMismatch({ objective: objective.name, relativeError, tolerance })
    }
  }
}
