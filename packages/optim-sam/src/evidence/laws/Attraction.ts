/** Where sharpness-aware methods misbehave: maxima that attract them. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { cosine } from "@nonconvex/problems/Cosine"
import { quadratic } from "@nonconvex/problems/Quadratic"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { normalisedUsam, type Subject, withoutNormalisation } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

interface BesideMaximum {
  readonly radius: number
  /** Distance from the maximum at the start, in radii. */
  readonly distance: number
  readonly learningRate: number
}

const objective = cosine()
const horizon = 4000

/** The margin that the last 1,000 steps stay within a radius of the maximum iff `attracted`. */
const basinMargin =
  (basin: number) =>
  (subject: Subject, { distance, learningRate, radius }: BesideMaximum): number => {
    const start = Float64Array.of(Math.PI + distance * radius)
    const end = Observe.after(subject.sam(radius, learningRate), objective, start, horizon)[0]!
    const away = Math.abs(end - Math.PI)
    return distance < basin ? Margin.atMost(away, radius) : Margin.atLeast(away, Math.PI / 2)
  }

export const samBasin = law<Subject, BesideMaximum>({
  id: "optim-sam/sam-attracted-to-maximum",
  statement:
    "On -cos w and with a small learning rate, SAM is attracted to the maximum at pi from every start within distance rho of it, and from none farther out.",
  source: derived("a failure of SAM"),
  instances: Draw.record({
    radius: Draw.logarithmic(1, 0.05),
    distance: within([0.5, 0.1], [0.5, 0.98], [1.02, 1.6]),
    learningRate: Draw.linear(0.1, 0.01),
  }),
  margin: basinMargin(1),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "twice the basin", margin: basinMargin(2) },
    { name: "half the basin", margin: basinMargin(0.5) },
  ],
})

interface BesideSaddle {
  /** The curvature is minus this. */
  readonly curvature: number
  /** Radius times curvature. */
  readonly relativeRadius: number
  /** Learning rate times curvature. */
  readonly product: number
}

/** The margin that USAM comes a hundred times nearer iff the radius times the curvature is beyond `threshold`. */
const saddleMargin =
  (threshold: number) =>
  (subject: Subject, { curvature, product, relativeRadius }: BesideSaddle): number => {
    const method = subject.usam(relativeRadius / curvature, product / curvature)
    const descending = quadratic({ spectrum: [-curvature] })
    const end = Math.abs(Observe.after(method, descending, Float64Array.of(1), horizon)[0]!)
    return relativeRadius > threshold ? Margin.atMost(end, 0.01) : Margin.atLeast(end, 100)
  }

/** The same for USAM, whose step is linear there. */
export const usamSaddle = law<Subject, BesideSaddle>({
  id: "optim-sam/usam-attracted-to-negative-curvature",
  statement:
    "With a small learning rate USAM is attracted along a direction of curvature -lambda < 0 when rho lambda > 1, and repelled when rho lambda < 1.",
  source: derived("a failure of USAM"),
  instances: Draw.record({
    curvature: Draw.logarithmic(1, 100),
    relativeRadius: within([2, 1.02], [0.5, 0.98]),
    product: Draw.linear(0.5, 0.1),
  }),
  margin: saddleMargin(1),
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "twice the threshold", margin: saddleMargin(2) },
    { name: "half the threshold", margin: saddleMargin(0.5) },
  ],
})
