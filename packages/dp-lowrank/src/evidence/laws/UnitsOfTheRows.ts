import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { calibrated, withScale } from "../support/CalibratedRelease.ts"
import { derived } from "../support/Paper.ts"
import { dpLowrank } from "../support/Subject.ts"

export const unitsOfTheRows = claim({
  id: "dp-lowrank/units-of-the-rows",
  statement:
    "Rows and bound multiplied by a power of two c multiply the noise by c^2, bit for bit.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("homogeneity of the sensitivity")),
  subject: dpLowrank,
  instances: calibrated(),
  margin: ({ instance: { factor, ...options }, subject: { scale } }) => {
    const c = Elementary.powerOfTwo(factor)
    return Margin.holds(scale({ ...options, bound: c * options.bound }) === c * c * scale(options))
  },
  controls: [
    withScale(
      "a sensitivity linear in the bound",
      ({ scale }, options) => options.bound * scale({ ...options, bound: 1 }),
    ),
  ],
})
