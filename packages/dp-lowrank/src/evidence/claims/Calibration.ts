/** The noise multiplier of a target, and the epsilon of a noise: each undoes the other. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as ClassicalGaussian from "../../privacy/ClassicalGaussian.ts"
import * as GaussianPrivacy from "../../privacy/GaussianPrivacy.ts"
import { derived, recalled } from "../support/Paper.ts"

interface Asked {
  readonly epsilon: number
  /** delta = 10^-digits. */
  readonly digits: number
}

const asked = (epsilon = Draw.logarithmic(100, 1e-3)) =>
  Draw.record<Asked>({ epsilon, digits: Draw.logarithmic(300, 0.31) })

const calibrationMargin = ({ digits, epsilon }: Asked, factor: number): number => {
  const delta = 10 ** -digits
  const sigma = factor * GaussianPrivacy.noiseMultiplier({ epsilon, delta })
  const bar = Math.log(delta)
  const smaller = GaussianPrivacy.noiseMultiplier({ epsilon: epsilon * 0.99, delta })
  const stricter = GaussianPrivacy.noiseMultiplier({ epsilon, delta: delta * 0.9 + 1e-300 * 0.1 })
  return Margin.all(
    Margin.atMost(GaussianPrivacy.logDelta(1 / sigma, epsilon), bar, 1e-13),
    Margin.holds(GaussianPrivacy.logDelta(1 / (sigma * (1 - 1e-9)), epsilon) > bar),
    Margin.holds(smaller > sigma / factor),
    Margin.holds(digits > 299.9 || stricter > sigma / factor),
  )
}

export const calibration = claim<Asked>({
  id: "dp-lowrank/calibration",
  statement:
    "The noise multiplier meets its delta, 1 - 1e-9 of it does not, and it grows as epsilon or delta shrink.",
  source: recalled("Balle, Wang 2018", "Theorem 8, evaluated in the log domain"),
  instances: asked(),
  margin: (instance) => calibrationMargin(instance, 1),
  controls: [
    {
      name: "a part in a million less noise",
      instances: asked(),
      margin: (instance) => calibrationMargin(instance, 1 - 1e-6),
    },
    {
      name: "the classical formula at large epsilon",
      instances: asked(Draw.linear(100, 10)),
      margin: ({ digits, epsilon }) => {
        const delta = 10 ** -Math.min(digits, 6)
        const sigma = Math.sqrt(ClassicalGaussian.printedVariance({ epsilon, delta }))
        return Margin.atMost(GaussianPrivacy.logDelta(1 / sigma, epsilon), Math.log(delta))
      },
    },
  ],
})

export const inverse = claim<Asked>({
  id: "dp-lowrank/calibration-inverse",
  statement:
    "The epsilon of the calibrated noise is the epsilon asked for, down to delta = 1e-300.",
  source: derived("inverse of the calibration"),
  instances: asked(),
  margin: ({ digits, epsilon }) => {
    const delta = 10 ** -digits
    const mu = 1 / GaussianPrivacy.noiseMultiplier({ epsilon, delta })
    return Margin.equal(GaussianPrivacy.epsilon(mu, delta), epsilon, { relative: 1e-9 })
  },
  controls: [
    {
      name: "the sensitivity of replacement forgotten",
      instances: asked(),
      margin: ({ digits, epsilon }) => {
        const delta = 10 ** -digits
        const mu = Math.SQRT2 / GaussianPrivacy.noiseMultiplier({ epsilon, delta })
        return Margin.equal(GaussianPrivacy.epsilon(mu, delta), epsilon, { relative: 1e-9 })
      },
    },
  ],
})
