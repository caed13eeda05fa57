import { method, repeat, type Request } from "./FixedSteps.ts"
import type { Method } from "./Method.ts"

/** x - rate gradient + momentum (x - previous x); the first step has no momentum. */
export const heavyBall = (request: Request & { readonly momentum: number | string }): Method =>
  method("heavy ball", request, [
    ...(request.steps === 0 ? [] : [{ step: "x", of: "f", rate: request.rate }]),
    ...repeat(
      request.steps - 1,
      { extrapolate: "ahead", from: "x", beyond: "x@-1", by: request.momentum },
      { step: "x", from: "ahead", at: "x", of: "f", rate: request.rate },
    ),
  ])
