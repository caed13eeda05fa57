import { claim, Kind, Margin } from "@nonconvex/evidence"
import { calibrated, withScale } from "../support/CalibratedRelease.ts"
import { derived } from "../support/Paper.ts"
import { dpLowrank } from "../support/Subject.ts"

export const zeroFeaturesCostNothing = claim({
  id: "dp-lowrank/zero-features-cost-nothing",
  statement:
    "Features that are 0 change the dimension, but neither sensitivity nor scale, except for rounding to the grid: 1e-5 of the scale for up to 240 features.",
  inFloatingPoint: "functions",
  bounded: "the rounding to the grid grows with the dimension: at 1,500 features it is above 1e-5",
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
