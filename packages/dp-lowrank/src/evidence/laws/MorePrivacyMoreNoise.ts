import { claim, Margin } from "@nonconvex/evidence"
import { calibrated, withScale } from "../support/CalibratedRelease.ts"
import { derived } from "../support/Paper.ts"
import { dpLowrank } from "../support/Subject.ts"

export const morePrivacyMoreNoise = claim({
  id: "dp-lowrank/more-privacy-more-noise",
  statement:
    "A smaller epsilon or delta needs more noise, and a replaced row needs sqrt 2 times the noise of an added or removed row.",
  inFloatingPoint: "functions",
  source: derived("monotonicity of the calibration"),
  subject: dpLowrank,
  instances: calibrated(),
  margin: ({ instance: { factor, ...options }, subject: { scale } }) => {
    const base = scale(options)
    return Margin.all(
      Margin.holds(scale({ ...options, epsilon: options.epsilon / factor }) > base),
      Margin.holds(scale({ ...options, delta: options.delta / factor }) > base),
      Margin.holds(
        scale({ ...options, neighbours: "replace" }) >=
          1.41 * scale({ ...options, neighbours: "add-remove" }),
      ),
    )
  },
  controls: [
    withScale("one delta for all", ({ scale }, options) => scale({ ...options, delta: 1e-6 })),
    withScale("one sensitivity for both relations", ({ scale }, options) =>
      scale({ ...options, neighbours: "replace" }),
    ),
  ],
})
