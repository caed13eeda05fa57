import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ReducedMap from "../../theory/ReducedMap.ts"
import { exactLargest, exactStep } from "../support/ExactReducedMap.ts"
import { derived } from "../support/Paper.ts"

/** A step from u against kappa (1 - kappa / 2)^2. */
const exactBalance = (kappa: number, u: Exact.Value): Exact.Compared => {
  const start = Exact.of(kappa)
  const left = Exact.subtract(Exact.one, Exact.divide(start, Exact.of(2)))
  const expected = Exact.multiply(start, Exact.square(left))
  return Exact.equal(exactStep(4)({ kappa: start, u }).kappa, expected)
}

/** Part 4 of the phase theorem: layers that are parallel. */
export const balancedLayers = claim({
  id: "catapults/balanced-layers",
  statement:
    "With parallel layers, u = kappa^2 / 4, a step gives kappa (1 - kappa / 2)^2, and the layers stay parallel.",
  extent: { samples: 1 },
  source: derived("phase theorem, part 4"),
  instances: Draw.record({ kappa: Draw.linear(0.05, 6) }),
  margin: ({ instance: { kappa } }) => {
    const next = ReducedMap.step({ kappa, u: ReducedMap.largest(kappa) })
    const tolerance = { absolute: 1e-12 * Math.max(1, Elementary.pow(kappa, 4)) }
    return Margin.all(
      Margin.equal(next.kappa, ReducedMap.balanced(kappa), tolerance),
      Margin.equal(next.u, ReducedMap.largest(next.kappa), tolerance),
    )
  },
  exactly: ({ instance: { kappa } }) => exactBalance(kappa, exactLargest(Exact.of(kappa))),
  controls: [
    {
      name: "orthogonal layers",
      instances: Draw.record({ kappa: Draw.linear(0.05, 6) }),
      exactly: ({ instance: { kappa } }) => exactBalance(kappa, Exact.zero),
      margin: ({ instance: { kappa } }) =>
        Margin.equal(ReducedMap.step({ kappa, u: 0 }).kappa, ReducedMap.balanced(kappa), {
          absolute: 1e-12,
        }),
    },
  ],
})
