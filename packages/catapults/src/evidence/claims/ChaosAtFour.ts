import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ReducedMap from "../../theory/ReducedMap.ts"
import { derived } from "../support/Paper.ts"

export const chaosAtFour = claim({
  id: "catapults/chaos-at-four",
  statement:
    "At e lambda = 4 the kernel does not change, and after t steps u = 4 cos^2(phi) becomes 4 cos^2(3^t phi).",
  inFloatingPoint: "functions",
  source: derived("phase theorem, part 3"),
  instances: Draw.record({ phi: Draw.linear(0.05, 1.5), steps: Draw.integer(1, 8) }),
  value: { kappa: 4, solution: ReducedMap.chaotic },
  margin: ({ instance: { phi, steps }, value: { kappa, solution } }) => {
    let state: ReducedMap.Reduced = { kappa, u: 4 * Elementary.square(Elementary.cos(phi)) }
    for (let t = 0; t < steps; t++) state = ReducedMap.step(state)
    return Margin.equal(state.u, solution(phi, steps), {
      absolute: 1e-12 * Elementary.pow(3, steps),
    })
  },
  controls: [
    {
      name: "doubling in place of tripling",
      value: {
        kappa: 4,
        solution: (phi, steps) =>
          4 * Elementary.square(Elementary.cos(Elementary.pow(2, steps) * phi)),
      },
    },
    { name: "a little below 4", value: { kappa: 3.99, solution: ReducedMap.chaotic } },
  ],
})
