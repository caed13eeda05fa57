import { claim, Draw, Margin } from "@nonconvex/evidence"
import { quadratic } from "@nonconvex/problems/Quadratic"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { normalisedUsam, optimSam } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

const horizon = 4000

/** The same statement for USAM, whose step is linear there. */
export const usamAttractedToNegativeCurvature = claim({
  id: "optim-sam/usam-attracted-to-negative-curvature",
  statement:
    "With a small learning rate USAM is attracted along a direction of curvature -lambda < 0 when rho lambda > 1, and repelled when rho lambda < 1.",
  inFloatingPoint: "run",
  extent: { dimension: 1, steps: horizon },
  source: derived("a failure of USAM"),
  subject: optimSam,
  instances: Draw.record({
    /** The curvature is minus this. */
    curvature: Draw.logarithmic(1, 100),
    /** Radius times curvature. */
    relativeRadius: within([2, 1.02], [0.5, 0.98]),
    /** Learning rate times curvature. */
    product: Draw.linear(0.5, 0.1),
  }),
  value: 1,
  /** USAM comes a hundred times nearer iff radius times curvature exceeds the threshold. */
  margin: ({ instance: { curvature, product, relativeRadius }, subject, value: threshold }) => {
    const method = subject.usam(relativeRadius / curvature, product / curvature)
    const descending = quadratic({ spectrum: [-curvature] })
    const end = Math.abs(Observe.after(method, descending, Float64Array.of(1), horizon)[0]!)
    return relativeRadius > threshold
      ? Margin.of(
          "distance from the saddle at the end, from 1 at the start",
          Margin.atMost(end, 0.01),
        )
      : Margin.of(
          "distance from the saddle at the end, from 1 at the start",
          Margin.atLeast(end, 100),
        )
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "twice the threshold", value: 2 },
    { name: "half the threshold", value: 0.5 },
  ],
})
