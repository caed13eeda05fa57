/** Quadratics: the orbit of period two in which SAM ends, and its loss. */
import { Draw, Margin, parametrisedLaw } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { quadratic } from "@nonconvex/problems/Quadratic"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { basisOf, startOf } from "../support/RandomStronglyConvex.ts"
import { type Subject, withoutNormalisation } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

/** A quadratic whose top eigenvalue is separated from the others. */
const separated = {
  top: Draw.logarithmic(1, 100),
  /** The other eigenvalues, as multiples of `top`; one dimension each. */
  ratios: Draw.list(Draw.logarithmic(0.98, 0.01), 0, 5),
  /** Learning rate times `top`. */
  product: within([1, 0.1], [1, 1.9]),
  seed: Draw.seed(),
}

/**
 * Where SAM is once every transient has shrunk by e^-50, and one step later.
 *
 * The basis is rotated on purpose. In the basis of the eigenvectors the top component can underflow to 0 while small
 * eigenvalues still dominate the gradient, and then SAM bounces along another eigenvector for ever: an artefact of float64
 * that the rounding of any other basis repairs.
 */
const settle = (
  subject: Subject,
  {
    product,
    ratios,
    seed,
    top,
  }: { [Key in keyof typeof separated]: Draw.Drawn<(typeof separated)[Key]> },
  radius: number,
) => {
  const spectrum = [top, ...ratios.map((ratio) => ratio * top)]
  const dimension = spectrum.length
  const basis = basisOf(seed, dimension)
  const objective = quadratic({ spectrum, basis })
  const method = subject.sam(radius, product / top)
  // far out an eigenvalue decays at its own rate; in the orbit those near the top decay by 0.97 at most
  const slowest = Math.min(0.03, product * Math.min(1, ...ratios))
  const state = method.init(objective, startOf(seed, dimension))
  for (let t = 0; t < 50 / slowest; t++) method.step(state)
  const point = state.point.slice()
  method.step(state)
  return {
    objective,
    topEigenvector: Float64Array.from({ length: dimension }, (_, i) => basis[i * dimension]!),
    point,
    next: state.point,
  }
}

/** The bouncing of SAM. */
export const bounce = parametrisedLaw({
  id: "optim-sam/quadratic-bounce",
  statement:
    "On a quadratic with a simple top eigenvalue lambda and 0 < eta lambda < 2, SAM ends, from almost every start, in the orbit +-eta rho lambda / (2 - eta lambda) along the top eigenvector.",
  source: derived("the bouncing of SAM, with its amplitude"),
  instances: Draw.record({ ...separated, radius: Draw.logarithmic(1, 1e-3) }),
  margin: (subject: Subject, instance, _given, amplitude) => {
    const { next, point, topEigenvector } = settle(subject, instance, instance.radius)
    const expected = amplitude(instance.product / instance.top, instance.radius, instance.top)
    const coordinate = Vector.dot(point, topEigenvector)
    const along = topEigenvector.map((v) => coordinate * v)
    const tolerance = { absolute: 1e-6 * expected }
    return Margin.all(
      Margin.equal(Math.abs(coordinate), expected, tolerance),
      Margin.equal(Vector.distance(point, along), 0, tolerance),
      Margin.equal(
        Vector.distance(
          next,
          point.map((w) => -w),
        ),
        0,
        tolerance,
      ),
    )
  },
  holds: Theory.bounceAmplitude,
  fails: [
    { name: "no normalisation", subject: withoutNormalisation },
    ["twice the amplitude", times(2, Theory.bounceAmplitude)],
    [
      "amplitude for small learning rates, eta rho lambda / 2",
      (eta, rho, lambda) => (eta * rho * lambda) / 2,
    ],
    {
      name: "a top eigenvalue that is not simple",
      instances: Draw.record({
        ...separated,
        ratios: Draw.list(Draw.oneOf(1), 1, 5),
        radius: Draw.logarithmic(1, 1e-3),
      }),
    },
  ],
})

const formulas = { radiusForFloor: Theory.radiusForFloor, bounceFloor: Theory.bounceFloor }

/** The loss of that orbit, and the radius that gives a chosen one: what `advise` suggests. */
export const floor = parametrisedLaw({
  id: "optim-sam/quadratic-loss-floor",
  statement:
    "On a quadratic with a simple top eigenvalue lambda and 0 < eta lambda < 2, SAM with the radius (2 - eta lambda) / (eta lambda) sqrt(2 F / lambda) ends at the loss F above the minimum.",
  source: derived("the floor of SAM on a quadratic, solved for the radius"),
  instances: Draw.record({ ...separated, floor: Draw.logarithmic(1, 1e-6) }),
  margin: (subject: Subject, instance, _given, { bounceFloor, radiusForFloor }) => {
    const { floor: expected, product, top } = instance
    const eta = product / top
    const radius = radiusForFloor(expected, eta, top)
    const { objective, point } = settle(subject, instance, radius)
    return Margin.all(
      Margin.equal(Observe.lossAt(objective, point), expected, { relative: 1e-6 }),
      Margin.equal(bounceFloor(eta, radius, top), expected, { relative: 1e-6 }),
    )
  },
  holds: formulas,
  fails: [
    { name: "no normalisation", subject: withoutNormalisation },
    ["twice the radius", { ...formulas, radiusForFloor: times(2, formulas.radiusForFloor) }],
    ["twice the floor", { ...formulas, bounceFloor: times(2, formulas.bounceFloor) }],
  ],
})
