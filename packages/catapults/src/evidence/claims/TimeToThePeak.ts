import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as ReducedMap from "../../theory/ReducedMap.ts"
import { recalled } from "../support/Paper.ts"

/** Steps to the largest u, from an initial u of order 1 / m. */
const peakAt = (kappa: number, width: number): number => {
  let state: ReducedMap.Reduced = { kappa, u: 1 / width }
  let at = 0
  let largest = state.u
  for (let t = 1; t < 1000; t++) {
    state = ReducedMap.step(state)
    if (state.u > largest) {
      largest = state.u
      at = t
    }
    if (state.u < 1e-20) break
  }
  return at
}

/** Time to the peak; the law predicts its slope in log m. */
export const timeToThePeak = claim({
  id: "catapults/time-to-the-peak",
  statement:
    "A thousand times the width delays the peak of a catapult of one sample by log 1000 / (2 log(kappa - 1)) steps, up to two.",
  inFloatingPoint: "run",
  source: recalled("Lewkowycz et al. 2020: a number of steps of order log(width)"),
  instances: Draw.record({ kappa: Draw.linear(2.2, 3), width: Draw.logarithmic(1e3, 1e6) }),
  value: ReducedMap.catapultTime,
  margin: ({ instance: { kappa, width }, value: time }) =>
    Margin.equal(
      peakAt(kappa, 1000 * width) - peakAt(kappa, width),
      time(kappa, 1000 * width) - time(kappa, width),
      // each peak falls on a whole step, and one step before or after by its phase
      { absolute: 2 },
    ),
  controls: [
    {
      name: "twice the logarithm",
      value: (kappa, width) => 2 * ReducedMap.catapultTime(kappa, width),
    },
  ],
})
