/** What a perturbed step does to the trace on average, and the factor d between the two algorithms. */
import { Draw, type Law, law, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { exponentialValley } from "../support/ExponentialValley.ts"
import { gradientOfTraceAtMinimum, quadraticModel } from "../support/QuadraticModel.ts"
import { scalarModel } from "../../problems/ScalarModel.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import * as Theory from "../../theory/Theory.ts"
import {
  bothSigns,
  type MeanMove,
  meanSharpnessAwareMove,
  meanSmoothedMove,
  smoothedMove,
} from "../support/Moves.ts"
import { derived, recalled } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"

const modelInstance = Draw.record({
  dimension: Draw.integer(3, 8),
  size: Draw.integer(1, 2),
  radius: Draw.logarithmic(0.5, 1e-2),
  seed: Draw.seed(),
})
type ModelInstance = Draw.Drawn<typeof modelInstance>

/** |P mean - gain rho^2 / 2 P grad trb| at the minimum, relative to the terms added. */
const identityError = (
  subject: Subject,
  instance: ModelInstance,
  mean: MeanMove,
  gain: (d: number) => number,
): number => {
  const { dimension: d, radius, seed, size } = instance
  const model = quadraticModel({ dimension: d, size, seed: Seed.root(seed) })
  const { apply } = TangentProjection.fromJacobian(model, model.minimum)
  const drift = mean(subject, model, model.minimum, radius)
  const scale = Vector.norm(drift)
  const predicted = gradientOfTraceAtMinimum(model)
  const factor = (gain(d) * radius ** 2) / (2 * d)
  const length = Vector.norm(predicted) * factor
  Vector.scale(factor, predicted)
  apply(drift)
  apply(predicted)
  return Vector.distance(drift, predicted) / (scale + length)
}

const driftIdentity = (
  name: string,
  statement: string,
  mean: MeanMove,
  gain: (d: number) => number,
  wrong: ReadonlyArray<readonly [string, (d: number) => number]>,
): Law<Subject> => {
  const margin = (of: (d: number) => number) => (subject: Subject, instance: ModelInstance) =>
    Margin.atMost(identityError(subject, instance, mean, of), 1e-9)
  const [first, ...rest] = wrong.map(([label, of]) => ({ name: label, margin: margin(of) }))
  return law<Subject, ModelInstance>({
    id: `flat-minima/${name}`,
    statement,
    source: derived("drift at a minimum"),
    instances: modelInstance,
    margin: margin(gain),
    controls: [first!, ...rest],
  })
}

export const smoothedDrift = driftIdentity(
  "smoothed-drift",
  "For square loss with quadratic predictions, the mean move of the smoothed perturbation at a minimum is rho^2 / 2 times the tangential gradient of the normalised trace.",
  meanSmoothedMove,
  () => 1,
  [
    ["d times as much", (d) => d],
    ["half as much", () => 0.5],
  ],
)
export const sharpnessAwareDrift = driftIdentity(
  "sharpness-aware-drift",
  "The mean move of the sharpness-aware perturbation at a minimum is d times that of the smoothed one.",
  bothSigns,
  (d) => d,
  [
    ["as much as the smoothed one", () => 1],
    ["half as much", (d) => d / 2],
  ],
)
export const randomSignCancels = law<Subject, ModelInstance>({
  id: "flat-minima/random-sign-cancels",
  statement:
    "Over both signs of the perturbation the moves of odd order in the radius cancel, which makes the drift exact for quadratic predictions.",
  source: recalled("the random sign of algorithm 2"),
  instances: modelInstance,
  margin: (subject, instance) =>
    Margin.atMost(
      identityError(subject, instance, bothSigns, (d) => d),
      1e-9,
    ),
  controls: [
    {
      name: "always the plus sign",
      margin: (subject, instance) =>
        Margin.atMost(
          identityError(subject, instance, meanSharpnessAwareMove([1]), (d) => d),
          1e-9,
        ),
    },
  ],
})

const circleInstance = Draw.record({
  x: Draw.linear(1.5, 3),
  learningRate: Draw.logarithmic(1e-2, 1e-3),
  radius: Draw.logarithmic(0.1, 0.01),
})
type Circle = Draw.Drawn<typeof circleInstance>
/** The mean change of the normalised trace over 4,096 directions, relative to the prediction. */
const decreaseRatio = (
  subject: Subject,
  { learningRate, radius, x }: Circle,
  predicted: typeof Theory.traceDecrease,
  points = 4096,
): number => {
  const hyperbola = scalarModel()
  const point = Float64Array.of(x, 1 / x)
  const before = Theory.factorisation.trace(x, 1 / x) / 2
  let sum = 0
  let compensation = 0
  for (let k = 0; k < points; k++) {
    const angle = (2 * Math.PI * (k + 0.5)) / points
    const move = smoothedMove(
      subject,
      hyperbola,
      point,
      radius,
      Float64Array.of(Math.cos(angle), Math.sin(angle)),
    )
    const after =
      Theory.factorisation.trace(
        point[0]! - learningRate * move[0]!,
        point[1]! - learningRate * move[1]!,
      ) / 2
    const term = after - before - compensation
    const next = sum + term
    compensation = next - sum - term
    sum = next
  }
  return sum / points / predicted(learningRate, radius, Theory.factorisation.residual(x, 1 / x))
}
const decreaseMargin = (
  subject: Subject,
  instance: Circle,
  predicted: typeof Theory.traceDecrease,
) => {
  const width = 5 * instance.learningRate * Theory.factorisation.trace(instance.x, 1 / instance.x)
  return Margin.equal(decreaseRatio(subject, instance, predicted), 1, { absolute: width })
}
export const traceDecrease = law<Subject, Circle>({
  id: "flat-minima/trace-decrease",
  statement:
    "At a minimum of (x y - 1)^2 / 2 a smoothed step changes the trace of the limit by -(1/2) eta rho^2 residual^2 on average, within 5 eta times the top eigenvalue of it.",
  source: recalled("lemma 2"),
  instances: circleInstance,
  margin: (subject, instance) => decreaseMargin(subject, instance, Theory.traceDecrease),
  controls: [
    {
      name: "without the factor 1/2",
      margin: (subject, instance) =>
        decreaseMargin(subject, instance, (eta, rho, r) => 2 * Theory.traceDecrease(eta, rho, r)),
    },
    {
      name: "d times as much",
      margin: (subject, instance) =>
        decreaseMargin(subject, instance, (eta, rho, r) => Theory.traceDecrease(eta, rho, r, 2)),
    },
  ],
})

const paddedInstance = Draw.record({
  rate: Draw.linear(0.2, 1.5),
  width: Draw.integer(1, 4),
  padding: Draw.integer(1, 5),
  radius: Draw.logarithmic(0.3, 0.01),
  x: Draw.linear(0, 1),
})
type Padded = Draw.Drawn<typeof paddedInstance>
const paddingRatio = (
  subject: Subject,
  { padding, radius, rate, width, x }: Padded,
  mean: MeanMove,
): number => {
  const drift = (extra: number) => {
    const model = exponentialValley({ rate, width, padding: extra })
    const point = new Float64Array(model.dimension)
    point[0] = x
    return mean(subject, model, point, radius)[0]!
  }
  return drift(0) / drift(padding)
}
const padded = (subject: Subject, smoothed: number, aware: number, instance: Padded): number =>
  Margin.all(
    Margin.equal(paddingRatio(subject, instance, meanSmoothedMove), smoothed, { relative: 1e-12 }),
    Margin.equal(paddingRatio(subject, instance, bothSigns), aware, { relative: 1e-12 }),
  )
const productOfFactors = ({ padding, width }: Padded): number => {
  let product = 1
  for (let k = 0; k < padding; k++) product *= Theory.paddingFactor(1 + width + k)
  return product
}
export const padding = law<Subject, Padded>({
  id: "flat-minima/padding",
  statement:
    "Each coordinate that f ignores divides the mean smoothed drift of the trace by (d + 1) / d, and leaves the sharpness-aware drift as it is.",
  source: derived("coordinates that the loss ignores"),
  instances: paddedInstance,
  margin: (subject, instance) => padded(subject, productOfFactors(instance), 1, instance),
  controls: [
    {
      name: "no effect on the smoothed drift",
      margin: (subject, instance) => padded(subject, 1, 1, instance),
    },
    {
      name: "the same effect on the sharpness-aware drift",
      margin: (subject, instance) =>
        padded(subject, productOfFactors(instance), productOfFactors(instance), instance),
    },
  ],
})
