import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Observe from "./Observe.ts"
import { expand, type RandomLoss } from "./RandomLoss.ts"
import { replacedBy, stepping, type Subject } from "./Subject.ts"

/** SAM with a descent in place of its ascent. */
export const downhill = replacedBy(
  stepping((point, gradient, rho) =>
    point.map((w, i) => w - (rho * gradient[i]!) / Vector.norm(gradient)),
  ),
)

/**
 * Rounding error of a gradient, in units. It has sums of up to six terms of four products, each with a function whose error
 * is a few units.
 */
const units = 16 * Number.EPSILON

/**
 * `<grad L(w_a), grad L(w)> / |grad L(w)|^2`, with a bound of its rounding error.
 *
 * The error of a gradient is `units` times its terms, whose norms add up to at most 2 sqrt(terms d beta) for these losses.
 * The error of its argument adds beta times as much. The bound includes both gradients of the product and the square in the
 * denominator.
 */
export const alignment = (
  method: ReturnType<Subject["sam"]>,
  problem: RandomLoss,
  kernels: Kernels,
) => {
  const { beta, objective, start } = expand(problem, kernels)
  const gradient = Observe.gradientAt(objective, start)
  const perturbed = Observe.perturbed(method, objective, start)
  const ascended = Observe.gradientAt(objective, perturbed)
  const length = Vector.norm(gradient)
  const terms = 2 * Math.sqrt(problem.terms * problem.dimension * beta)
  const error = units * (terms + beta * Math.max(Vector.norm(start), Vector.norm(perturbed)))
  return {
    value: Vector.dot(ascended, gradient) / Elementary.square(length),
    rounding: (error / length) * (1 + (3 * Vector.norm(ascended)) / length),
  }
}
