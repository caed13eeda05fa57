import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ConcentratedTail from "../../privacy/ConcentratedTail.ts"
import * as GaussianPrivacy from "../../privacy/GaussianPrivacy.ts"
import { logDelta } from "../../privacy/GaussianTail.ts"
import { rhoOfGaussian } from "../../privacy/RhoOfGaussian.ts"
import * as SimpleConversion from "../../privacy/SimpleConversion.ts"
import * as ZeroConcentrated from "../../privacy/ZeroConcentrated.ts"
import { recalled } from "../support/Paper.ts"

/** Margin of the statement that the two epsilons of a delta yield that delta. */
const undone = (rho: number, log: number): ReadonlyArray<Margin.Comparison> => {
  // delta is below 1, and in float64
  if (!(log < -1e-3 && log > -600)) return []
  const delta = Elementary.exp(log)
  const simple = SimpleConversion.simpleEpsilon(rho, delta)
  const tight = ZeroConcentrated.epsilon(rho, delta)
  return [
    Margin.equal(SimpleConversion.simpleLogDelta(rho, simple), log, { relative: 1e-9 }),
    Margin.equal(ConcentratedTail.logDelta(rho, tight), log, { relative: 1e-6 }),
    Margin.atMost(ConcentratedTail.logDelta(rho, tight), log, 1e-12),
  ]
}

/** Sums and squares that are exact in float64, and their replacements. */
const roundedUp = (rho: number): ReadonlyArray<Margin.Comparison> =>
  [
    [rhoOfGaussian(2 * rho, rho), 2],
    [ZeroConcentrated.compose([rho, rho, rho, rho]), 4 * rho],
    [GaussianPrivacy.compose([rho, rho, rho, rho]), 2 * rho],
    [GaussianPrivacy.compose([3, 4]), 5],
  ].flatMap(([found, exact]) => [
    Margin.holds(found! > exact!),
    Margin.equal(found!, exact!, { relative: 1e-14 }),
  ])

/** Minimum over the orders, at 250 orders per decade. */
const leastOverOrders = (rho: number, epsilon: number): number => {
  let least = 0
  for (let k = 0; k <= 3000; k++) {
    const excess = Elementary.pow(10, k / 250 - 6)
    const a = 1 + excess
    const bound =
      excess * (a * rho - epsilon) - a * Elementary.log1p(1 / excess) - Elementary.log(excess)
    least = Math.min(least, bound)
  }
  return least
}

export const zcdpConversions = claim({
  id: "dp-lowrank/zcdp-conversions",
  statement:
    "The exact delta of a Gaussian is at most that of Canonne, Kamath and Steinke, which is at most the simple one, and mu adds in quadrature. The delta of Canonne, Kamath and Steinke is the minimum over their orders, both conversions to epsilon are its inverses, and rounding always errs to less privacy.",
  inFloatingPoint: "functions",
  extent: "numbers",
  source: recalled("Bun, Steinke 2016; Canonne, Kamath, Steinke 2020", "conversions of zCDP"),
  instances: Draw.record({
    rho: Draw.logarithmic(10, 1e-6),
    deviations: Draw.linear(20, 0.1),
  }),
  margin: ({ instance: { deviations, rho } }) => {
    const epsilon = rho + deviations * Math.sqrt(rho)
    const tight = ConcentratedTail.logDelta(rho, epsilon)
    const mu = Math.sqrt(2 * rho)
    const split = GaussianPrivacy.compose([0.6 * mu, 0.8 * mu])
    return Margin.all(
      Margin.atMost(logDelta(mu, epsilon), tight, 1e-12),
      Margin.atMost(tight, SimpleConversion.simpleLogDelta(rho, epsilon), 1e-12),
      Margin.equal(split, mu, { relative: 1e-12 }),
      Margin.equal(tight, leastOverOrders(rho, epsilon), { relative: 1e-3, absolute: 1e-3 }),
      ...undone(rho, tight),
      ...roundedUp(rho),
    )
  },
  controls: [
    {
      name: "the orders exchanged",
      margin: ({ instance: { deviations, rho } }) => {
        const epsilon = rho + deviations * Math.sqrt(rho)
        return Margin.atMost(
          SimpleConversion.simpleLogDelta(rho, epsilon),
          ConcentratedTail.logDelta(rho, epsilon),
        )
      },
    },
  ],
})
