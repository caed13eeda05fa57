import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as GaussianPrivacy from "../../privacy/GaussianPrivacy.ts"
import { derived } from "../support/Paper.ts"
import { asked } from "../support/PrivacyTargets.ts"

export const calibrationInverse = claim({
  id: "dp-lowrank/calibration-inverse",
  statement:
    "The epsilon of the calibrated noise is the requested epsilon, down to delta = 1e-300, and 0 if delta exceeds the total variation distance of the neighbours.",
  inFloatingPoint: "functions",
  source: Kind.identity(derived("inverse of the calibration")),
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
