/** Quadratics: the orbit of period two in which SAM ends, and its loss. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { quadratic, type Quadratic } from "@nonconvex/problems/Quadratic"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { basisOf, startOf } from "../support/RandomStronglyConvex.ts"
import { type Subject, withoutNormalisation } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

/** A quadratic whose top eigenvalue is separated from the others. */
interface Separated {
  readonly top: number
  /** The other eigenvalues, as multiples of `top` from 0.01 to 0.98; one dimension each. */
  readonly ratios: ReadonlyArray<number>
  /** Learning rate times `top`. */
  readonly product: number
  readonly seed: number
}

const separated = {
  top: Draw.logarithmic(1, 100),
  ratios: Draw.list(Draw.logarithmic(0.98, 0.01), 0, 5),
  product: within([1, 0.1], [1, 1.9]),
  seed: Draw.seed(),
}

interface Orbit {
  readonly objective: Quadratic
  readonly topEigenvector: Float64Array
  readonly point: Float64Array
  readonly next: Float64Array
}

/**
 * Where SAM is once every transient has shrunk by e^-50, and one step later.
 *
 * The basis is rotated on purpose. In the basis of the eigenvectors the top component can underflow to 0 while small
 * eigenvalues still dominate the gradient, and then SAM bounces along another eigenvector for ever: an artefact of float64
 * that the rounding of any other basis repairs.
 */
const settle = (subject: Subject, instance: Separated, radius: number): Orbit => {
  const { product, ratios, seed, top } = instance
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

interface Bounce extends Separated {
  readonly radius: number
}

const bounceMargin =
  (amplitude: typeof Theory.bounceAmplitude) =>
  (subject: Subject, instance: Bounce): number => {
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
  }

/** The bouncing of SAM. */
export const bounce = law<Subject, Bounce>({
  id: "optim-sam/quadratic-bounce",
  statement:
    "On a quadratic with a simple top eigenvalue lambda and 0 < eta lambda < 2, SAM ends, from almost every start, in the orbit +-eta rho lambda / (2 - eta lambda) along the top eigenvector.",
  source: derived("the bouncing of SAM, with its amplitude"),
  instances: Draw.record({ ...separated, radius: Draw.logarithmic(1, 1e-3) }),
  margin: bounceMargin(Theory.bounceAmplitude),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "twice the amplitude", margin: bounceMargin(times(2, Theory.bounceAmplitude)) },
    {
      name: "amplitude for small learning rates, eta rho lambda / 2",
      margin: bounceMargin((eta, rho, lambda) => (eta * rho * lambda) / 2),
    },
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

interface Floor extends Separated {
  readonly floor: number
}

interface FloorFormulas {
  readonly radiusForFloor: typeof Theory.radiusForFloor
  readonly bounceFloor: typeof Theory.bounceFloor
}

const floorMargin =
  (changed: Partial<FloorFormulas> = {}) =>
  (subject: Subject, instance: Floor): number => {
    const { bounceFloor, radiusForFloor } = { ...Theory, ...changed }
    const { floor, product, top } = instance
    const eta = product / top
    const radius = radiusForFloor(floor, eta, top)
    const { objective, point } = settle(subject, instance, radius)
    const loss = Observe.lossAt(objective, point)
    return Margin.all(
      Margin.equal(loss, floor, { relative: 1e-6 }),
      Margin.equal(bounceFloor(eta, radius, top), floor, { relative: 1e-6 }),
    )
  }

/** The loss of that orbit, and the radius that gives a chosen one: what `advise` suggests. */
export const floor = law<Subject, Floor>({
  id: "optim-sam/quadratic-loss-floor",
  statement:
    "On a quadratic with a simple top eigenvalue lambda and 0 < eta lambda < 2, SAM with the radius (2 - eta lambda) / (eta lambda) sqrt(2 F / lambda) ends at the loss F above the minimum.",
  source: derived("the floor of SAM on a quadratic, solved for the radius"),
  instances: Draw.record({ ...separated, floor: Draw.logarithmic(1, 1e-6) }),
  margin: floorMargin(),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    {
      name: "twice the radius",
      margin: floorMargin({ radiusForFloor: times(2, Theory.radiusForFloor) }),
    },
    { name: "twice the floor", margin: floorMargin({ bounceFloor: times(2, Theory.bounceFloor) }) },
  ],
})
