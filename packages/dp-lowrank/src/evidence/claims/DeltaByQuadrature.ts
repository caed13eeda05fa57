import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { logDelta, logDeltaUpper } from "../../privacy/GaussianTail.ts"
import { recalled } from "../support/Paper.ts"

/** Cutoff of the exponent at -45 relative to its value at 0, and number of panels for eleven digits. */
const [negligible, panels] = [45, 12_000]

const tails = Draw.record({
  mu: Draw.logarithmic(1, 1e-3),
  /** epsilon by mu. */
  deviations: Draw.linear(0, 60),
  larger: Draw.oneOf(1, 10),
})

/** 1 - x m(x) for the Mills ratio m, for x >= 20. The continued fraction of m is 1 / (x + K), which gives K / (x + K). */
const flatnessByFraction = (x: number): number => {
  let rest = 0
  for (let k = 40; k >= 1; k--) rest = k / (x + rest)
  return rest / (x + rest)
}

/**
 * Range of epsilon / mu in the claim below: from 28.2 to 29.2, around the switch to a series whose last terms differ only by
 * rounding.
 */
const whereSeriesBegin = (deviations: number): number => 28.2 + deviations / 60

/** log delta of a mu up to 1/8, a mean of `flatnessByFraction` by Simpson's rule. */
const byFraction = (mu: number, middle: number): number => {
  let mean = 0
  for (let k = 0; k <= 16; k++) {
    const weight = k === 0 || k === 16 ? 1 : k % 2 === 1 ? 4 : 2
    mean += (weight * flatnessByFraction(middle + mu * (k / 16 - 0.5))) / 48
  }
  const a = middle - mu / 2
  return Elementary.log(mu) + Elementary.log(mean) - (a * a + Elementary.log(2 * Math.PI)) / 2
}

/**
 * Room between the upper bound and the evaluated number. It is reduced by the effect of half an ulp of epsilon / mu on a^2 /
 * 2.
 */
const roomAbove = (mu: number, epsilon: number): number => {
  const middle = epsilon / mu
  const rounding = 2 ** -53 * Math.abs(middle - mu / 2) * middle
  const value = logDelta(mu, epsilon)
  // a value so near to 0 is evaluated by its complement, whose digits are others
  return value > -0.1 ? 0 : logDeltaUpper(mu, epsilon) - value - rounding
}

export const deltaByQuadrature = claim({
  id: "dp-lowrank/delta-by-quadrature",
  statement:
    "delta(epsilon) is the integral over u > 0 of phi(a + u) (1 - e^(-mu u)), a = epsilon / mu - mu / 2: the excess of a likelihood ratio of Gaussians above e^epsilon.",
  inFloatingPoint: "functions",
  extent: "numbers",
  source: Kind.identity(
    recalled("Balle, Wang 2018", "delta as the hockey-stick divergence of two Gaussians"),
  ),
  instances: tails,
  value: 1,
  /** The shift of the second Gaussian as a multiple of mu. */
  margin: ({ instance, value: factor }) => {
    const mu = instance.mu * instance.larger
    const epsilon = instance.deviations * mu
    const a = instance.deviations - mu / 2
    // phi is largest at 0, or where the integral begins
    const from = Math.max(0, -a - Math.sqrt(2 * negligible))
    const to = Math.max(0, -a) + (a > 0 ? Math.sqrt(a * a + 2 * negligible) - a : 10)
    const top = Math.max(0, a)
    let sum = 0
    for (let k = 0; k <= panels; k++) {
      const u = from + ((to - from) * k) / panels
      const weight = k === 0 || k === panels ? 1 : k % 2 === 1 ? 4 : 2
      const exponent = (top * top - Elementary.square(a + u)) / 2
      sum += weight * Elementary.exp(exponent) * -Elementary.expm1(-factor * mu * u)
    }
    const integral = (sum * (to - from)) / (3 * panels)
    const log = Elementary.log(integral) - (top * top + Elementary.log(2 * Math.PI)) / 2
    const above = logDeltaUpper(mu, epsilon) - logDelta(mu, epsilon)
    const [small, tiny] = [instance.mu / 10, instance.mu * 1e-40]
    const middle = whereSeriesBegin(instance.deviations)
    return Margin.all(
      Margin.equal(logDelta(mu, epsilon), log, { absolute: 1e-9 }),
      Margin.equal(logDelta(small, middle * small), byFraction(factor * small, middle), {
        absolute: 4e-12,
      }),
      // the upper end is above, by rounding alone
      Margin.atLeast(above, 0),
      Margin.atMost(above, 1e-9),
      Margin.atLeast(roomAbove(mu, epsilon), 0),
      Margin.holds(logDeltaUpper(tiny, tiny) > logDelta(tiny, tiny)),
    )
  },
  controls: [{ name: "a shift of mu and a thousandth", value: 1.001 }],
})
