import { claim, Draw, Exact, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomStronglyConvex } from "../support/RandomStronglyConvex.ts"
import {
  optimSam,
  replacedBy,
  stepping,
  type Subject,
  withoutNormalisation,
} from "../support/Subject.ts"

const scaled = (objective: Objective, decades: number): Objective => ({
  ...objective,
  descend: undefined,
  valueAndGradient: (x, gradient) => {
    const value = objective.valueAndGradient(x, gradient)
    Vector.scale(Elementary.pow(10, decades), gradient)
    return value
  },
})

const alongGradient = (norm: (gradient: Float64Array) => number): Subject["sam"] =>
  stepping((point, gradient, radius) => {
    const scale = radius / norm(gradient)
    return point.map((w, i) => w + scale * gradient[i]!)
  })

const climbs = Draw.record({
  problem: randomStronglyConvex(),
  radius: Draw.logarithmic(1, 1e-3),
  /** The gradient is multiplied by 10 to this power. */
  decades: Draw.integer(-170, 160),
})

/** Point of the second gradient, the start, and the rounding error allowed for their distance from the radius. */
const climbed = (
  subject: Subject,
  { decades, problem, radius }: Draw.Drawn<typeof climbs>,
  kernels: Kernels,
) => {
  const { objective, start } = expand(problem, kernels)
  const perturbed = Observe.perturbed(subject.sam(radius, 0), scaled(objective, decades), start)
  const unit = 2 ** -52 * Vector.maxAbs(start) * Math.sqrt(start.length)
  return { perturbed, start, absolute: Math.max(1e-14 * radius, unit) }
}

/** `|w_a - w| = rho` whatever the length of the gradient. */
export const normalisedStepLength = claim({
  id: "optim-sam/normalised-step-length",
  statement:
    "SAM takes its second gradient at distance exactly rho from the point whenever the gradient is not zero, for gradients from 1e-170 to 1e160.",
  source: Kind.identity(derived("definition of SAM")),
  subject: optimSam,
  instances: climbs,
  margin: ({ instance, kernels, subject }) => {
    const { absolute, perturbed, start } = climbed(subject, instance, kernels)
    return Margin.equal(Vector.distance(perturbed, start), instance.radius, { absolute })
  },
  exactly: ({ instance, kernels, subject }) => {
    const { absolute, perturbed, start } = climbed(subject, instance, kernels)
    const distance = Exact.sqrt(Exact.squaredDistance(perturbed, start))
    const off = Exact.absolute(Exact.subtract(distance, Exact.of(instance.radius)))
    return Exact.atMost(off, Exact.of(absolute))
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    {
      name: "1e-12 added to the norm",
      subject: replacedBy(alongGradient((g) => Vector.norm(g) + 1e-12)),
    },
    {
      name: "norm as the root of a plain sum of squares",
      subject: replacedBy(alongGradient((g) => Math.sqrt(g.reduce((sum, x) => sum + x * x, 0)))),
    },
    {
      name: "norm averaged over the coordinates",
      subject: replacedBy(alongGradient((g) => Vector.norm(g) / Math.sqrt(g.length))),
    },
  ],
})
