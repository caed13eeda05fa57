import { method, repeat, type Request } from "./FixedSteps.ts"
import type { Coefficient, Method } from "./Method.ts"

/** Nesterov's method: x is a step from y, then y = x + momentum (x - previous x), with a momentum for each step. */
export const nesterov = (request: Request & { readonly momentum: Coefficient }): Method =>
  method("Nesterov's accelerated gradient", request, [
    { combine: "y", terms: { x: 1 } },
    ...repeat(
      request.steps,
      { step: "x", from: "y", at: "y", of: "f", rate: request.rate },
      { extrapolate: "y", from: "x", beyond: "x@-1", by: request.momentum },
    ),
  ])
