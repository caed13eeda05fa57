import { claim, Kind, Margin } from "@nonconvex/evidence"
import { calibrated, withScale } from "../support/CalibratedRelease.ts"
import { derived } from "../support/Paper.ts"
import { dpLowrank } from "../support/Subject.ts"

export const zeroFeaturesCostNothing = claim({
  id: "dp-lowrank/zero-features-cost-nothing",
  statement:
    "Features that are 0 change the dimension and neither sensitivity nor scale, but for the rounding to the grid (1e-6).",
  inFloatingPoint: "functions",
  source: Kind.identity(derived("sensitivity does not depend on the dimension")),
  subject: dpLowrank,
  instances: calibrated(),
  margin: ({ instance: { factor, ...options }, subject: { scale } }) =>
    Margin.equal(scale({ ...options, dimension: factor * options.dimension }), scale(options), {
      relative: 1e-5,
    }),
  controls: [
    withScale(
      "a sensitivity by entries",
      ({ scale }, options) => Math.sqrt(options.dimension) * scale(options),
    ),
  ],
})
