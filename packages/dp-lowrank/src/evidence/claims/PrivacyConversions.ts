/** Between noise, epsilon and zero-concentrated privacy: what undoes what, and what bounds what. */
import { claim, Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ClassicalGaussian from "../../privacy/ClassicalGaussian.ts"
import * as ConcentratedTail from "../../privacy/ConcentratedTail.ts"
import * as GaussianPrivacy from "../../privacy/GaussianPrivacy.ts"
import { logDelta } from "../../privacy/GaussianTail.ts"
import { simpleLogDelta } from "../../privacy/SimpleConversion.ts"
import { derived, recalled } from "../support/Paper.ts"

/** delta is 10^-digits. */
const asked = (epsilon = Draw.logarithmic(100, 1e-3)) =>
  Draw.record({ epsilon, digits: Draw.logarithmic(300, 0.31) })

export const calibration = parametrised({
  id: "dp-lowrank/calibration",
  statement:
    "The noise multiplier meets its delta, 1 - 1e-9 of it does not, and it grows as epsilon or delta shrink.",
  source: recalled("Balle, Wang 2018", "Theorem 8, evaluated in the log domain"),
  instances: asked(),
  margin: ({ digits, epsilon }, _, factor: number) => {
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
  holds: 1,
  fails: [
    ["a part in a million less noise", 1 - 1e-6],
    {
      name: "the classical formula at large epsilon",
      instances: asked(Draw.linear(100, 10)),
      margin: ({ digits, epsilon }) => {
        const delta = Elementary.pow(10, -Math.min(digits, 6))
        const sigma = Math.sqrt(ClassicalGaussian.printedVariance({ epsilon, delta }))
        return Margin.atMost(logDelta(1 / sigma, epsilon), Elementary.log(delta))
      },
    },
  ],
})

export const inverse = parametrised({
  id: "dp-lowrank/calibration-inverse",
  statement:
    "The epsilon of the calibrated noise is the epsilon asked for, down to delta = 1e-300.",
  source: derived("inverse of the calibration"),
  instances: asked(),
  margin: ({ digits, epsilon }, _, sensitivity: number) => {
    const delta = Elementary.pow(10, -digits)
    const mu = sensitivity / GaussianPrivacy.noiseMultiplier({ epsilon, delta })
    return Margin.equal(GaussianPrivacy.epsilon(mu, delta), epsilon, { relative: 1e-9 })
  },
  holds: 1,
  fails: [["the sensitivity of replacement forgotten", Math.SQRT2]],
})

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
