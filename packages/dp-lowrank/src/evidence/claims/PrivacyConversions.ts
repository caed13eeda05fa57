/** Between noise, epsilon and zero-concentrated privacy: what undoes what, and what bounds what. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ClassicalGaussian from "../../privacy/ClassicalGaussian.ts"
import * as ConcentratedTail from "../../privacy/ConcentratedTail.ts"
import * as GaussianPrivacy from "../../privacy/GaussianPrivacy.ts"
import { logDelta, logDeltaUpper } from "../../privacy/GaussianTail.ts"
import * as SimpleConversion from "../../privacy/SimpleConversion.ts"
import * as ZeroConcentrated from "../../privacy/ZeroConcentrated.ts"
import { derived, recalled } from "../support/Paper.ts"

/** delta is 10^-digits. */
const asked = (epsilon = Draw.logarithmic(100, 1e-3)) =>
  Draw.record({ epsilon, digits: Draw.logarithmic(300, 0.31) })

export const calibration = claim({
  id: "dp-lowrank/calibration",
  statement:
    "The noise multiplier meets its delta, 1 - 1e-9 of it does not, and it grows as epsilon or delta shrink.",
  inFloatingPoint: "functions",
  source: recalled("Balle, Wang 2018", "Theorem 8, evaluated in the log domain"),
  instances: asked(),
  value: 1,
  margin: ({ instance: { digits, epsilon }, value: factor }) => {
    const delta = Elementary.pow(10, -digits)
    const sigma = factor * GaussianPrivacy.noiseMultiplier({ epsilon, delta })
    const bar = Elementary.log(delta)
    const smaller = GaussianPrivacy.noiseMultiplier({ epsilon: epsilon * 0.99, delta })
    const stricter = GaussianPrivacy.noiseMultiplier({ epsilon, delta: delta * 0.9 + 1e-300 * 0.1 })
    return Margin.all(
      Margin.atMost(logDelta(1 / sigma, epsilon), bar, 1e-13),
      Margin.holds(logDelta(1 / (sigma * (1 - 1e-9)), epsilon) > bar),
      Margin.holds(smaller > sigma / factor),
      Margin.holds(digits > 299.9 || stricter > sigma / factor),
    )
  },
  controls: [
    { name: "a part in a million less noise", value: 1 - 1e-6 },
    {
      name: "the classical formula at large epsilon",
      instances: asked(Draw.linear(100, 10)),
      margin: ({ instance: { digits, epsilon } }) => {
        const delta = Elementary.pow(10, -Math.min(digits, 6))
        const sigma = Math.sqrt(ClassicalGaussian.printedVariance({ epsilon, delta }))
        return Margin.atMost(logDelta(1 / sigma, epsilon), Elementary.log(delta))
      },
    },
  ],
})

export const inverse = claim({
  id: "dp-lowrank/calibration-inverse",
  statement:
    "The epsilon of the calibrated noise is the epsilon asked for, down to delta = 1e-300, and 0 where delta covers all that tells the neighbours apart.",
  inFloatingPoint: "functions",
  source: derived("inverse of the calibration"),
  instances: asked(),
  value: 1,
  margin: ({ instance: { digits, epsilon }, value: sensitivity }) => {
    const delta = Elementary.pow(10, -digits)
    const mu = sensitivity / GaussianPrivacy.noiseMultiplier({ epsilon, delta })
    return Margin.all(
      Margin.equal(GaussianPrivacy.epsilon(mu, delta), epsilon, { relative: 1e-9 }),
      // what the two Gaussians differ in is mu / sqrt(2 pi), which delta covers
      Margin.equal(GaussianPrivacy.epsilon(delta, delta), 0, {}),
    )
  },
  controls: [{ name: "the sensitivity of replacement forgotten", value: Math.SQRT2 }],
})

/** That the two epsilons of a delta are those that have it. */
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

/** Sums and squares that are exact in float64, and what stands for them. */
const roundedUp = (rho: number): ReadonlyArray<Margin.Comparison> =>
  [
    [ZeroConcentrated.rhoOfGaussian(2 * rho, rho), 2],
    [ZeroConcentrated.compose([rho, rho, rho, rho]), 4 * rho],
    [GaussianPrivacy.compose([rho, rho, rho, rho]), 2 * rho],
    [GaussianPrivacy.compose([3, 4]), 5],
  ].flatMap(([found, exact]) => [
    Margin.holds(found! > exact!),
    Margin.equal(found!, exact!, { relative: 1e-14 }),
  ])

/** Where the exponent is below -45 against its value at 0, and panels for eleven digits. */
const [negligible, panels] = [45, 12_000]

const tails = Draw.record({
  mu: Draw.logarithmic(1, 1e-3),
  /** epsilon by mu. */
  deviations: Draw.linear(0, 60),
  larger: Draw.oneOf(1, 10),
})

/** 1 - x m(x) of the Mills ratio m for x from 20 on, by its continued fraction 1 / (x + K), of which it is K / (x + K). */
const flatnessByFraction = (x: number): number => {
  let rest = 0
  for (let k = 40; k >= 1; k--) rest = k / (x + rest)
  return rest / (x + rest)
}

/** What epsilon / mu is for the claim below: from 28.2 to 29.2, where a series takes over whose last terms can be told apart by rounding alone. */
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

/** How far the upper end is above what is evaluated, less what half a unit in the last place of epsilon / mu does to a^2 / 2. */
const roomAbove = (mu: number, epsilon: number): number => {
  const middle = epsilon / mu
  const rounding = 2 ** -53 * Math.abs(middle - mu / 2) * middle
  const value = logDelta(mu, epsilon)
  // a value so near to 0 is evaluated by its complement, whose digits are others
  return value > -0.1 ? 0 : logDeltaUpper(mu, epsilon) - value - rounding
}

export const quadrature = claim({
  id: "dp-lowrank/delta-by-quadrature",
  statement:
    "delta(epsilon) is the integral over u > 0 of phi(a + u) (1 - e^(-mu u)), a = epsilon / mu - mu / 2: what a likelihood ratio of Gaussians gives away above e^epsilon.",
  inFloatingPoint: "functions",
  source: recalled("Balle, Wang 2018", "delta as the hockey-stick divergence of two Gaussians"),
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

/** The least of what every order gives, over a thousand orders a decade apart at most. */
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

export const conversions = claim({
  id: "dp-lowrank/zcdp-conversions",
  statement:
    "The exact delta of a Gaussian is at most that of Canonne, Kamath, Steinke, and that at most the simple one; mu adds up in quadrature. That of Canonne, Kamath, Steinke is the least over their orders, its epsilon and the simple one undo it, and what is rounded is rounded to less privacy.",
  inFloatingPoint: "functions",
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
