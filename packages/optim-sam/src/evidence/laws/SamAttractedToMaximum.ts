import { claim, Draw, Margin } from "@nonconvex/evidence"
import { cosine } from "@nonconvex/problems/Cosine"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

const objective = cosine()

const horizon = 4000

export const samAttractedToMaximum = claim({
  id: "optim-sam/sam-attracted-to-maximum",
  statement:
    "On -cos w and with a small learning rate, SAM is attracted to the maximum at pi from every start within distance rho of it, and from none farther out.",
  inFloatingPoint: "run",
  extent: { dimension: 1 },
  source: derived("a failure of SAM"),
  subject: optimSam,
  instances: Draw.record({
    radius: Draw.logarithmic(1, 0.05),
    /** Distance from the maximum at the start, in radii. */
    distance: within([0.5, 0.1], [0.5, 0.98], [1.02, 1.6]),
    learningRate: Draw.linear(0.1, 0.01),
  }),
  value: 1,
  /** The end lies within one radius of the maximum iff the start lies in the basin, given in radii. */
  margin: ({ instance: { distance, learningRate, radius }, subject, value: basin }) => {
    const start = Float64Array.of(Math.PI + distance * radius)
    const end = Observe.after(subject.sam(radius, learningRate), objective, start, horizon)[0]!
    const away = Math.abs(end - Math.PI)
    return distance < basin
      ? Margin.of("distance from the maximum at the end", Margin.atMost(away, radius))
      : Margin.of("distance from the maximum at the end", Margin.atLeast(away, Math.PI / 2))
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "twice the basin", value: 2 },
    { name: "half the basin", value: 0.5 },
  ],
})
