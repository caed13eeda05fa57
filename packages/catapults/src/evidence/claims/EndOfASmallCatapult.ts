import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as ReducedMap from "../../theory/ReducedMap.ts"
import { derived } from "../support/Paper.ts"

export const endOfASmallCatapult = claim({
  id: "catapults/end-of-a-small-catapult",
  statement:
    "From e lambda = 2 + delta, delta in [0.1, 0.5], and a small loss, a catapult of one sample ends between 2 - delta - 0.95 delta^2 and 2 - delta - 0.65 delta^2.",
  inFloatingPoint: "run",
  extent: { samples: 1 },
  source: Kind.observation(
    derived("measured here; to first order in delta as in Lewkowycz et al. 2020"),
  ),
  instances: Draw.record({ delta: Draw.linear(0.1, 0.5), u: Draw.logarithmic(1e-6, 1e-9) }),
  value: ReducedMap.catapultEnd,
  margin: ({ instance: { delta, u }, value: end }) => {
    const kappa = 2 + delta
    const { least, most } = end(kappa)
    const { kappa: final, outcome } = ReducedMap.follow({ kappa, u })
    const stated = ReducedMap.catapultEnd(kappa)
    const tolerance = { absolute: 1e-9 }
    return Margin.all(
      Margin.equal(stated.least, 2 - delta - 0.95 * delta * delta, tolerance),
      Margin.equal(stated.most, 2 - delta - 0.65 * delta * delta, tolerance),
      Margin.holds(outcome === "settled"),
      Margin.atLeast(final, least),
      Margin.atMost(final, most),
    )
  },
  controls: [
    {
      name: "the first order alone",
      value: (kappa) => ({ least: 4 - kappa - 1e-3, most: 4 - kappa }),
    },
  ],
})
