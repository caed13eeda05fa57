/** Where sharpness-aware methods misbehave: maxima that attract them. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { cosine } from "@nonconvex/problems/Cosine"
import { quadratic } from "@nonconvex/problems/Quadratic"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { normalisedUsam, withoutNormalisation, optimSam } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

const objective = cosine()
const horizon = 4000

export const samBasin = claim({
  id: "optim-sam/sam-attracted-to-maximum",
  statement:
    "On -cos w and with a small learning rate, SAM is attracted to the maximum at pi from every start within distance rho of it, and from none farther out.",
  inFloatingPoint: "run",
  source: derived("a failure of SAM"),
  subject: optimSam,
  instances: Draw.record({
    radius: Draw.logarithmic(1, 0.05),
    /** Distance from the maximum at the start, in radii. */
    distance: within([0.5, 0.1], [0.5, 0.98], [1.02, 1.6]),
    learningRate: Draw.linear(0.1, 0.01),
  }),
  value: 1,
  /** The end is within a radius of the maximum iff the start is in the basin, given in radii. */
  margin: ({ instance: { distance, learningRate, radius }, subject, value: basin }) => {
    const start = Float64Array.of(Math.PI + distance * radius)
    const end = Observe.after(subject.sam(radius, learningRate), objective, start, horizon)[0]!
    const away = Math.abs(end - Math.PI)
    return distance < basin ? Margin.atMost(away, radius) : Margin.atLeast(away, Math.PI / 2)
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "twice the basin", value: 2 },
    { name: "half the basin", value: 0.5 },
  ],
})

/** The same for USAM, whose step is linear there. */
export const usamSaddle = claim({
  id: "optim-sam/usam-attracted-to-negative-curvature",
  statement:
    "With a small learning rate USAM is attracted along a direction of curvature -lambda < 0 when rho lambda > 1, and repelled when rho lambda < 1.",
  inFloatingPoint: "run",
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
  /** USAM comes a hundred times nearer iff the radius times the curvature is beyond the threshold. */
  margin: ({ instance: { curvature, product, relativeRadius }, subject, value: threshold }) => {
    const method = subject.usam(relativeRadius / curvature, product / curvature)
    const descending = quadratic({ spectrum: [-curvature] })
    const end = Math.abs(Observe.after(method, descending, Float64Array.of(1), horizon)[0]!)
    return relativeRadius > threshold ? Margin.atMost(end, 0.01) : Margin.atLeast(end, 100)
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "twice the threshold", value: 2 },
    { name: "half the threshold", value: 0.5 },
  ],
})
