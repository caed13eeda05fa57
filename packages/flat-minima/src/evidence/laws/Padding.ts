import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { exponentialValley } from "../support/ExponentialValley.ts"
import * as Moves from "../support/Moves.ts"
import { derived } from "../support/Paper.ts"
import { flatMinima } from "../support/Subject.ts"

export const padding = claim({
  id: "flat-minima/padding",
  statement:
    "Each coordinate that f ignores divides the mean smoothed drift of the trace by (d + 1) / d, and leaves the sharpness-aware drift unchanged.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("coordinates that the loss ignores")),
  subject: flatMinima,
  instances: Draw.record({
    rate: Draw.linear(0.2, 1.5),
    width: Draw.integer(1, 4),
    padding: Draw.integer(1, 5),
    radius: Draw.logarithmic(0.3, 0.01),
    x: Draw.linear(0, 1),
  }),
  value: [1, 0] as readonly [number, number],
  /** Powers of the product of all factors by which padding divides the two drifts. */
  margin: ({
    instance: { padding: added, radius, rate, width, x },
    subject,
    value: [smoothed, aware],
  }) => {
    const ratio = (mean: Moves.MeanMove) => {
      const drift = (extra: number) => {
        const model = exponentialValley({ rate, width, padding: extra })
        const point = new Float64Array(model.dimension)
        point[0] = x
        return mean(subject, model, point, radius)[0]!
      }
      return drift(0) / drift(added)
    }
    let product = 1
    for (let k = 0; k < added; k++) product *= Theory.paddingFactor(1 + width + k)
    return Margin.all(
      Margin.equal(ratio(Moves.meanSmoothedMove), Elementary.pow(product, smoothed), {
        relative: 1e-12,
      }),
      Margin.equal(ratio(Moves.bothSigns), Elementary.pow(product, aware), { relative: 1e-12 }),
    )
  },
  controls: [
    { name: "no effect on the smoothed drift", value: [0, 0] },
    { name: "the same effect on the sharpness-aware drift", value: [1, 1] },
  ],
})
