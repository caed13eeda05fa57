/** A privacy theorem about one neighbour relation, used for another. */
import { erratum } from "@nonconvex/evidence"
import { deliveredMargin, printedTargets } from "../claims/NoiseDelivers.ts"
import { recalled } from "../support/Paper.ts"

export const borrowed = erratum({
  id: "dp-lowrank/upper-triangle-noise-under-replacement",
  statement:
    "Independent noise of variance T = 2 ln(1.25 / delta) / epsilon^2 on the upper triangle is (epsilon, delta)-private where a row is replaced.",
  source: recalled(
    "Mangoubi, Vishnoi 2023; Dwork, Talwar, Thakurta, Zhang 2014",
    "privacy of the Gaussian mechanism",
  ),
  instances: printedTargets("replace"),
  margin: deliveredMargin("upper-triangle-as-printed"),
  corrected: "dp-lowrank/noise-delivers",
  explanation:
    "That fact is about adding or removing a row, where matrices move by 1. Replacement moves them by sqrt 2: at (1, 1e-6) the noise delivers epsilon 1.138.",
})
