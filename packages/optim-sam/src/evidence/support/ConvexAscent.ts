import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Observe from "./Observe.ts"
import { expand, type RandomLoss } from "./RandomLoss.ts"
import { replacedBy, stepping, type Subject } from "./Subject.ts"

/** SAM that goes down. */
export const downhill = replacedBy(
  stepping((point, gradient, rho) =>
    point.map((w, i) => w - (rho * gradient[i]!) / Vector.norm(gradient)),
  ),
)

/** `<grad L(w_a), grad L(w)> / |grad L(w)|^2`. */
export const alignment = (
  method: ReturnType<Subject["sam"]>,
  problem: RandomLoss,
  kernels: Kernels,
) => {
  const { objective, start } = expand(problem, kernels)
  const gradient = Observe.gradientAt(objective, start)
  const perturbed = Observe.perturbed(method, objective, start)
  return (
    Vector.dot(Observe.gradientAt(objective, perturbed), gradient) /
    Elementary.square(Vector.norm(gradient))
  )
}
