import { method, repeat, type Request } from "./FixedSteps.ts"
import type { Method } from "./Method.ts"

/** x = argmin rate f(z) + |z - x|^2 / 2. */
export const proximalPoint = (request: Request): Method =>
  method(
    "proximal point",
    request,
    repeat(request.steps, { prox: "x", of: "f", rate: request.rate }),
  )
