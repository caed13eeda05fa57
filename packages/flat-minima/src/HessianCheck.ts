import { RandomStream, Require, type Seed, Vector } from "@nonconvex/numerics"
import type { Objective } from "@nonconvex/problems"
import { Schema } from "effect"

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

/** Steps of the differences relative to the point. Training leaves ReLU units at their kinks: the last step is for those. */
const steps = [1e-5, 1e-7, 1e-9]

/**
 * Compares `hessianVector` with central differences of the gradient along two random directions. Throws HessianMismatch where it
 * agrees at no step; an objective without its own product passes, and so does one in float32, of which such steps would see only the
 * rounding: it is checked where it is made. The default tolerance 1e-3 lets no wrong factor pass.
 */
export const checkHessian = (
  objective: Objective,
  point: Float64Array,
  options: { readonly seed: Seed.Seed; readonly tolerance?: number },
): void => {
  const { seed, tolerance = 1e-3 } = options
  Require.vector("checkHessian", "point", point, objective.dimension)
  Require.positive("checkHessian", "tolerance", tolerance)
  if (objective.hessianVector === undefined || objective.precision === "float32") return
  const n = point.length
  const v = new Float64Array(n)
  const own = new Float64Array(n)
  const moved = new Float64Array(n)
  const ahead = new Float64Array(n)
  const behind = new Float64Array(n)
  const gradientAt = (t: number, out: Float64Array): void => {
    for (let j = 0; j < n; j++) moved[j] = point[j]! + t * v[j]!
    objective.valueAndGradient(moved, out)
  }
  gradientAt(0, ahead)
  const size = Vector.norm(ahead)
  for (let k = 0; k < 2; k++) {
    RandomStream.make(seed.child(k)).fillSphere(v)
    objective.hessianVector(point, v, own)
    let relativeError = Number.POSITIVE_INFINITY
    for (const step of steps) {
      const h = step * Math.max(1, Vector.norm(point))
      gradientAt(h, ahead)
      gradientAt(-h, behind)
      for (let j = 0; j < n; j++) ahead[j] = (ahead[j]! - behind[j]!) / (2 * h)
      // what differences of gradients of this size cannot see
      const noise = (1e-13 / h) * (1 + size)
      const scale = Vector.norm(own) + Vector.norm(ahead) + noise
      // the smaller, or NaN where one of them is
      relativeError = Math.min(relativeError, Vector.distance(own, ahead) / scale)
    }
    if (!(relativeError <= tolerance)) {
      throw new HessianMismatch({ objective: objective.name, relativeError, tolerance })
    }
  }
}
