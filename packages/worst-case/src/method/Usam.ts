import { method, repeat, type Request } from "./FixedSteps.ts"
import type { Method } from "./Method.ts"

const opposite = (value: number | string): number | string =>
  typeof value === "number" ? -value : value.startsWith("-") ? value.slice(1) : `-${value}`

/** Unnormalised sharpness-aware minimisation: x - rate gradient(x + radius gradient(x)). */
export const usam = (request: Request & { readonly radius: number | string }): Method =>
  method(
    "USAM",
    request,
    repeat(
      request.steps,
      { step: "raised", from: "x", at: "x", of: "f", rate: opposite(request.radius) },
      { step: "x", at: "raised", of: "f", rate: request.rate },
    ),
  )
