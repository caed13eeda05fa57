/** What one step does: the length of the perturbation, the bridge between SAM and USAM, the restored point. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomStronglyConvex } from "../support/RandomStronglyConvex.ts"
import {
  replacedBy,
  stepping,
  type Subject,
  withoutNormalisation,
  optimSam,
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

/** The point of the second gradient, the start, and how far rounding may take their distance from the radius. */
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
export const stepLength = claim({
  id: "optim-sam/normalised-step-length",
  statement:
    "SAM takes its second gradient at distance exactly rho from the point whenever the gradient is not zero, for gradients from 1e-170 to 1e160.",
  source: derived("definition of SAM"),
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

const singleStep = Draw.record({
  problem: randomStronglyConvex(),
  radius: Draw.logarithmic(1, 1e-3),
  /** Learning rate times smoothness. */
  product: Draw.linear(1, 0.01),
})

type RadiusOf = (radius: number, norm: number) => number

/** The ends of a step of USAM and of one of SAM with the radius `radiusOf(rho, |g|)`, and how far rounding may take them apart. */
const stepped = (
  subject: Subject,
  { problem, product, radius }: Draw.Drawn<typeof singleStep>,
  kernels: Kernels,
  radiusOf: RadiusOf,
) => {
  const { beta, objective, start } = expand(problem, kernels)
  const rate = product / beta
  const norm = Vector.norm(Observe.gradientAt(objective, start))
  const moved = Observe.after(subject.usam(radius, rate), objective, start, 1)
  const expected = Observe.after(subject.sam(radiusOf(radius, norm), rate), objective, start, 1)
  const absolute = 1e-13 * (Vector.norm(start) + Vector.norm(expected))
  return { absolute, expected, moved }
}

/** `usam(rho) = sam(rho |g|)`. */
export const usamThroughSam = claim({
  id: "optim-sam/usam-is-sam-of-gradient-length",
  statement: "A step of USAM with radius rho is the step of SAM with radius rho |grad L(w)|.",
  source: derived("definitions of SAM and USAM"),
  subject: optimSam,
  instances: singleStep,
  value: (radius: number, norm: number) => radius * norm,
  margin: ({ instance, kernels, subject, value: radiusOf }) => {
    const { absolute, expected, moved } = stepped(subject, instance, kernels, radiusOf)
    return Margin.equal(Vector.distance(moved, expected), 0, { absolute })
  },
  exactly: ({ instance, kernels, subject, value: radiusOf }) => {
    const { absolute, expected, moved } = stepped(subject, instance, kernels, radiusOf)
    return Exact.atMost(Exact.sqrt(Exact.squaredDistance(moved, expected)), Exact.of(absolute))
  },
  controls: [
    { name: "the radius itself", value: (radius) => radius },
    { name: "the squared norm", value: (radius, norm) => radius * (norm * norm) },
    {
      name: "USAM with half the radius",
      subject: (subject) => ({
        ...subject,
        usam: (radius, rate) => subject.usam(radius / 2, rate),
      }),
    },
  ],
})

const ascent = (gradient: Float64Array, radius: number): number => radius / Vector.norm(gradient)

/** SAM as many libraries write it: the perturbation is added to the point, and subtracted again. */
const restoredBySubtraction = stepping(
  (point, gradient, radius) => {
    Vector.axpy(ascent(gradient, radius), gradient, point)
    return point
  },
  (point, gradient, radius) => Vector.axpy(-ascent(gradient, radius), gradient, point),
)

/** The perturbation leaves no trace in the point. */
export const restoredPoint = claim({
  id: "optim-sam/point-restored-exactly",
  statement:
    "With a learning rate of 0, a step of SAM or USAM leaves the point as it was, bit for bit.",
  inFloatingPoint: "bits",
  source: derived("definitions of SAM and USAM"),
  subject: optimSam,
  instances: singleStep,
  margin: ({ instance: { problem, radius }, kernels, subject }) => {
    const { objective, start } = expand(problem, kernels)
    const isKept = (make: Subject["sam"]) => {
      const point = Observe.after(make(radius, 0), objective, start, 1)
      return point.every((w, i) => Object.is(w, start[i]))
    }
    return Margin.holds(isKept(subject.sam) && isKept(subject.usam))
  },
  controls: [{ name: "restored by subtraction", subject: replacedBy(restoredBySubtraction) }],
})
