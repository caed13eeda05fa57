/** What zero-concentrated privacy says of epsilon and delta, in three ways that are ordered. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as GaussianPrivacy from "../../privacy/GaussianPrivacy.ts"
import { logDelta } from "../../privacy/GaussianTail.ts"
import { simpleLogDelta } from "../../privacy/SimpleConversion.ts"
import * as ConcentratedTail from "../../privacy/ConcentratedTail.ts"
import { recalled } from "../support/Paper.ts"

export const conversions = claim({
  id: "dp-lowrank/zcdp-conversions",
  statement:
    "The exact delta of a Gaussian is at most that of Canonne, Kamath, Steinke, and that at most the simple one; mu adds up in quadrature.",
  source: recalled("Bun, Steinke 2016; Canonne, Kamath, Steinke 2020", "conversions of zCDP"),
  instances: Draw.record({
    rho: Draw.logarithmic(10, 1e-6),
    deviations: Draw.linear(20, 0.1),
  }),
  margin: ({ deviations, rho }) => {
    const epsilon = rho + deviations * Math.sqrt(rho)
    const tight = ConcentratedTail.logDelta(rho, epsilon)
    const mu = Math.sqrt(2 * rho)
    const split = GaussianPrivacy.compose([0.6 * mu, 0.8 * mu])
    return Margin.all(
      Margin.atMost(logDelta(mu, epsilon), tight, 1e-12),
      Margin.atMost(tight, simpleLogDelta(rho, epsilon), 1e-12),
      Margin.equal(split, mu, { relative: 1e-12 }),
    )
  },
  controls: [
    {
      name: "the orders exchanged",
      margin: ({ deviations, rho }) => {
        const epsilon = rho + deviations * Math.sqrt(rho)
        return Margin.atMost(simpleLogDelta(rho, epsilon), ConcentratedTail.logDelta(rho, epsilon))
      },
    },
  ],
})
