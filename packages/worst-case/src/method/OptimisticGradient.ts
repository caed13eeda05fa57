import { method, repeat, type Request } from "./FixedSteps.ts"
import type { Method } from "./Method.ts"

/** x - 2 rate F(x) + rate F(previous x); the first step is one of gradient descent. */
export const optimisticGradient = (request: Request): Method => {
  const { rate, steps } = request
  return method("optimistic gradient", request, [
    ...(steps === 0
      ? []
      : ([
          { gradient: "g", of: "f", at: "x" },
          { step: "x", of: "f", rate },
        ] as const)),
    ...repeat(
      steps - 1,
      { gradient: "g", of: "f", at: "x" },
      { combine: "turn", terms: { "g@-1": 1, g: -1 } },
      { combine: "turned", terms: { x: 1, turn: rate } },
      { step: "x", from: "turned", at: "x", of: "f", rate },
    ),
  ])
}
