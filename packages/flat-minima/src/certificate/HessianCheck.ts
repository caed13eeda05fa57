import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import { Schema } from "effect"

/** The Hessian-vector product is not the derivative of the gradient, or differences cannot show that it is. */
export class HessianMismatch extends Schema.TaggedError<HessianMismatch>()("HessianMismatch", {
  objective: Schema.String,
  /** |H v - differences| / (|H v| + |differences|), 1 at most. */
  relativeError: Schema.Number,
  tolerance: Schema.Number,
  /** True if the differences agree at two steps; otherwise they cannot check a product. */
  isKnown: Schema.Boolean,
}) {
  override get message(): string {
    if (!this.isKnown) {
      return (
        `${this.objective}: its hessianVector cannot be checked (relative error ${this.relativeError}, allowed ${this.tolerance}): ` +
        "the differences of its gradient depend on their step, as near a kink or far from the data; choose a point where the function is smooth"
      )
    }
    return (
      `${this.objective}: its hessianVector contradicts its gradient (relative error ${this.relativeError}, ` +
      `allowed ${this.tolerance}); correct it, or omit it to use finite differences`
    )
  }
}

/** Steps relative to the point, and the rounding error of a difference of gradients whose length is 1. */
interface Differences {
  readonly steps: ReadonlyArray<number>
  readonly rounding: number
}

/** Training leaves ReLU units at their kinks; the smallest step is for those. */
const exactly: Differences = { steps: [1e-5, 1e-7, 1e-9], rounding: 1e-13 }
/** Steps for gradients in float32, where smaller steps measure only rounding. */
const roughly: Differences = { steps: [1e-2, 1e-3, 1e-4], rounding: 1e-6 }

export interface Fit {
  /** The least |H v - differences| / (|H v| + |differences|) over the steps; NaN if one of them is NaN. */
  readonly relativeError: number
  /** The same quantity for differences at two steps: if it is large, they cannot check a product. */
  readonly settled: number
}

/** Compares a product `own` with the unit vector v to central differences of the gradient, at the cost of a few gradients. */
export const fitOf = (
  objective: Objective,
  point: Float64Array,
  v: Float64Array,
  own: Float64Array,
): Fit => {
  const n = point.length
  const { rounding, steps } = objective.precision === "float32" ? roughly : exactly
  const [moved, ahead, behind] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const before = new Float64Array(n).fill(Number.POSITIVE_INFINITY)
  const gradientAt = (t: number, out: Float64Array): void => {
    for (let j = 0; j < n; j++) moved[j] = point[j]! + t * v[j]!
    objective.valueAndGradient(moved, out)
  }
  gradientAt(0, ahead)
  const size = Vector.norm(ahead)
  let relativeError = Number.POSITIVE_INFINITY
  let settled = Number.POSITIVE_INFINITY
  for (const step of steps) {
    const h = step * Math.max(1, Vector.norm(point))
    gradientAt(h, ahead)
    gradientAt(-h, behind)
    for (let j = 0; j < n; j++) ahead[j] = (ahead[j]! - behind[j]!) / (2 * h)
    // what differences of gradients of this size cannot see
    const noise = (rounding / h) * (1 + size)
    const found = Vector.norm(ahead) + noise
    // the smaller, or NaN where one of them is
    relativeError = Math.min(
      relativeError,
      Vector.distance(own, ahead) / (Vector.norm(own) + found),
    )
    settled = Math.min(settled, Vector.distance(before, ahead) / found)
    before.set(ahead)
  }
  return { relativeError, settled }
}

/**
 * Compares `hessianVector` with central differences of the gradient along two random directions. Throws HessianMismatch if they
 * agree at no step. The error reports whether differences at two steps agree; near a kink that every step crosses they disagree,
 * and the check is inconclusive. An objective without a product of its own passes. So does one in float32, whose rounding would
 * hide the difference; the constructors check float32 products. The tolerance is relative; default 1e-3, which lets no wrong
 * factor pass. Throws InvalidInput on a bad point or tolerance.
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
  const v = new Float64Array(point.length)
  const own = new Float64Array(point.length)
  for (let k = 0; k < 2; k++) {
    RandomStream.make(seed.child(k)).fillSphere(v)
    objective.hessianVector(point, v, own)
    const { relativeError, settled } = fitOf(objective, point, v, own)
    if (!(relativeError <= tolerance)) {
      throw new HessianMismatch({
        objective: objective.name ?? "objective",
        relativeError,
        tolerance,
        isKnown: settled <= tolerance,
      })
    }
  }
}
