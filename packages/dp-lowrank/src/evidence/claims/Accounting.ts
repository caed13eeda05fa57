/** C11 to C13: calibration and conversions. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as ClassicalGaussian from "../../privacy/ClassicalGaussian.ts"
import * as GaussianPrivacy from "../../privacy/GaussianPrivacy.ts"
import * as Mechanism from "../../noise/Mechanism.ts"
import type { Neighbours } from "../../privacy/Target.ts"
import * as Public from "../../privacy/Public.ts"
import * as ZeroConcentrated from "../../privacy/ZeroConcentrated.ts"
import { corrected, derived, recalled } from "../support/Paper.ts"

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

interface Concentrated {
  readonly rho: number
  readonly deviations: number
}

const concentrated = () =>
  Draw.record<Concentrated>({
    rho: Draw.logarithmic(10, 1e-6),
    deviations: Draw.linear(20, 0.1),
  })

export const conversions = claim<Concentrated>({
  id: "dp-lowrank/zcdp-conversions",
  statement:
    "The exact delta of a Gaussian is at most that of Canonne, Kamath, Steinke, and that at most the simple one; mu adds up in quadrature.",
  source: recalled("Bun, Steinke 2016; Canonne, Kamath, Steinke 2020", "conversions of zCDP"),
  instances: concentrated(),
  margin: ({ deviations, rho }) => {
    const epsilon = rho + deviations * Math.sqrt(rho)
    const tight = ZeroConcentrated.logDelta(rho, epsilon)
    const mu = Math.sqrt(2 * rho)
    const split = GaussianPrivacy.compose([0.6 * mu, 0.8 * mu])
    return Margin.all(
      Margin.atMost(ZeroConcentrated.gaussianLogDelta(rho, epsilon), tight, 1e-12),
      Margin.atMost(tight, ZeroConcentrated.simpleLogDelta(rho, epsilon), 1e-12),
      Margin.equal(split, mu, { relative: 1e-12 }),
    )
  },
  controls: [
    {
      name: "the orders exchanged",
      instances: concentrated(),
      margin: ({ deviations, rho }) => {
        const epsilon = rho + deviations * Math.sqrt(rho)
        return Margin.atMost(
          ZeroConcentrated.simpleLogDelta(rho, epsilon),
          ZeroConcentrated.logDelta(rho, epsilon),
        )
      },
    },
  ],
})

interface Printed {
  readonly epsilon: number
  readonly digits: number
  readonly neighbours: Neighbours
}

export const printedTargets = (neighbours: Neighbours) =>
  Draw.record<Printed>({
    epsilon: Draw.oneOf(1, 0.5, 2, 5),
    digits: Draw.integer(6, 10),
    neighbours: Draw.oneOf(neighbours),
  })

/** Whether a mechanism delivers at most the epsilon of its target. */
export const deliveredMargin =
  (make: typeof Mechanism.isotropic) =>
  ({ digits, epsilon, neighbours }: Printed): number =>
    Margin.atMost(
      Mechanism.deliveredEpsilon(
        make({ epsilon, delta: 10 ** -digits, neighbours, bound: Public.bound(1) }),
      ),
      epsilon,
      1e-9,
    )

export const delivered = claim<Printed>({
  id: "dp-lowrank/noise-delivers",
  statement:
    "Noise calibrated to the sensitivity of its neighbours, in its own coordinates, delivers the epsilon asked for.",
  source: corrected("Theorem 1, the privacy of the noise"),
  instances: printedTargets("replace"),
  margin: (instance) =>
    Margin.all(
      ...[Mechanism.isotropic, Mechanism.complexCalibrated, Mechanism.upperTriangle].map((make) =>
        deliveredMargin(make)(instance),
      ),
    ),
  controls: [
    {
      name: "the upper triangle as printed, where rows are replaced",
      instances: printedTargets("replace"),
      margin: deliveredMargin(Mechanism.upperTriangleAsPrinted),
    },
  ],
})
