/** F7 to F12: what a perturbed step does on average, in loss, and off the gradient. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { type Objective, sgd, gradientMethod } from "@nonconvex/problems"
import type { Draws } from "../Draws.ts"
import * as Flatness from "../Flatness.ts"
import { exponentialValley } from "../problems/ExponentialValley.ts"
import { gradientOfTraceAtMinimum, quadraticModel } from "../problems/QuadraticModel.ts"
import { scalarModel } from "../problems/ScalarModel.ts"
import type { SampleModel } from "../SampleModel.ts"
import { sharpnessAwarePerturbation } from "../SharpnessAware.ts"
import { smoothedPerturbation } from "../Smoothed.ts"
import * as TangentProjection from "../TangentProjection.ts"
import * as Theory from "../Theory.ts"
import { derived, recalled } from "./Paper.ts"
import { expandQuartic, quarticInstance, type QuarticInstance } from "./Quartic.ts"

interface ModelInstance {
  readonly dimension: number
  readonly size: number
  readonly radius: number
  readonly seed: number
}
const modelInstance = Draw.record<ModelInstance>({
  dimension: Draw.integer(3, 8),
  size: Draw.integer(1, 2),
  radius: Draw.logarithmic(0.5, 1e-2),
  seed: Draw.seed(),
})

/** Draws that are given: the sphere point is `direction`, the sample `index` and its sign `sign`. */
const fixed = (direction: Float64Array, index = 0, sign = 1): Draws => ({
  fillSphere: (out) => out.set(direction),
  index: () => index,
  sign: () => sign,
})

/** The move of one perturbed step from `point` under given draws; each step is perturbed. */
const smoothedMove = (
  objective: Objective,
  point: Float64Array,
  radius: number,
  direction: Float64Array,
): Float64Array => {
  const method = smoothedPerturbation({
    learningRate: 1,
    plainLearningRate: 1,
    radius,
    gradientThreshold: Number.POSITIVE_INFINITY,
    draws: fixed(direction),
  })
  const state = method.init(objective, point)
  method.step(state)
  return state.move
}

const sharpnessAwareMove = (
  model: SampleModel,
  point: Float64Array,
  radius: number,
  index: number,
  sign: number,
): Float64Array => {
  const method = sharpnessAwarePerturbation({
    learningRate: 1,
    plainLearningRate: 1,
    radius,
    gradientThreshold: Number.POSITIVE_INFINITY,
    draws: fixed(point, index, sign),
  })
  const state = method.init(model, point)
  method.step(state)
  return state.move
}

const meanSmoothedMove = (objective: Objective, point: Float64Array, radius: number) => {
  const n = point.length
  const mean = new Float64Array(n)
  const unit = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (const sign of [1, -1]) {
      unit[i] = sign
      Vector.axpy(1 / (2 * n), smoothedMove(objective, point, radius, unit), mean)
    }
    unit[i] = 0
  }
  return mean
}

const meanSharpnessAwareMove = (
  model: SampleModel,
  point: Float64Array,
  radius: number,
  signs: ReadonlyArray<number> = [1, -1],
) => {
  const mean = new Float64Array(point.length)
  for (let i = 0; i < model.size; i++) {
    for (const sign of signs) {
      const move = sharpnessAwareMove(model, point, radius, i, sign)
      Vector.axpy(1 / (signs.length * model.size), move, mean)
    }
  }
  return mean
}

/** |P mean - gain rho^2 / 2 P grad trb| at the minimum, relative to the terms added. */
const identityError = (
  instance: ModelInstance,
  mean: (model: SampleModel, point: Float64Array, radius: number) => Float64Array,
  gain: (d: number) => number,
): number => {
  const { dimension: d, radius, seed, size } = instance
  const model = quadraticModel({ dimension: d, size, seed: Seed.root(seed) })
  const { apply } = TangentProjection.fromJacobian(model, model.minimum)
  const drift = mean(model, model.minimum, radius)
  const scale = Vector.norm(drift)
  const predicted = gradientOfTraceAtMinimum(model)
  const size2 = Vector.norm(predicted) * ((gain(d) * radius ** 2) / (2 * d))
  Vector.scale((gain(d) * radius ** 2) / (2 * d), predicted)
  apply(drift)
  apply(predicted)
  return Vector.distance(drift, predicted) / (scale + size2)
}

const driftIdentity = (
  name: string,
  statement: string,
  mean: (model: SampleModel, point: Float64Array, radius: number) => Float64Array,
  gain: (d: number) => number,
  wrong: ReadonlyArray<readonly [string, (d: number) => number]>,
): Claim => {
  const margin = (of: (d: number) => number) => (instance: ModelInstance) =>
    Margin.atMost(identityError(instance, mean, of), 1e-9)
  const [first, ...rest] = wrong.map(([label, of]) => ({
    name: label,
    instances: modelInstance,
    margin: margin(of),
  }))
  return claim<ModelInstance>({
    id: `flat-minima/${name}`,
    statement,
    source: derived("drift at a minimum (B3)"),
    instances: modelInstance,
    margin: margin(gain),
    controls: [first!, ...rest],
  })
}

const smoothedDrift = driftIdentity(
  "smoothed-drift",
  "For square loss with quadratic predictions, the mean move of the smoothed perturbation at a minimum is rho^2 / 2 times the tangential gradient of the normalised trace.",
  meanSmoothedMove,
  () => 1,
  [
    ["d times as much", (d) => d],
    ["half as much", () => 0.5],
  ],
)
const sharpnessAwareDrift = driftIdentity(
  "sharpness-aware-drift",
  "The mean move of the sharpness-aware perturbation at a minimum is d times that of the smoothed one.",
  meanSharpnessAwareMove,
  (d) => d,
  [
    ["as much as the smoothed one", () => 1],
    ["half as much", (d) => d / 2],
  ],
)
const needsSigns = claim<ModelInstance>({
  id: "flat-minima/random-sign-cancels",
  statement:
    "Over both signs of the perturbation the moves of odd order in the radius cancel, which makes the drift exact for quadratic predictions.",
  source: recalled("the random sign of algorithm 2"),
  instances: modelInstance,
  margin: (instance) =>
    Margin.atMost(
      identityError(instance, meanSharpnessAwareMove, (d) => d),
      1e-9,
    ),
  controls: [
    {
      name: "always the plus sign",
      instances: modelInstance,
      margin: (instance) =>
        Margin.atMost(
          identityError(
            instance,
            (model, point, radius) => meanSharpnessAwareMove(model, point, radius, [1]),
            (d) => d,
          ),
          1e-9,
        ),
    },
  ],
})

interface Step extends QuarticInstance {
  /** eta as a share of 1 / beta */
  readonly share: number
}
const stepInstance = Draw.record<Step>({
  dimension: Draw.integer(2, 6),
  terms: Draw.integer(1, 4),
  radius: Draw.logarithmic(0.5, 1e-3),
  seed: Draw.seed(),
  share: Draw.linear(1, 0.05),
})

/** `sum_k c_k log cosh(a_k . x + e_k)`, sampled: smooth with `sum c_k |a_k|^2`, not convex where a c is negative. */
const smoothModel = ({ dimension: n, seed, terms }: QuarticInstance) => {
  const stream = RandomStream.make(Seed.root(seed))
  const rows = Array.from({ length: terms }, () => {
    const a = new Float64Array(n)
    stream.fillNormal(a)
    return { a, e: stream.normal(), c: stream.normal() }
  })
  const point = new Float64Array(n)
  stream.fillNormal(point)
  const sampleSmoothness = rows.map(({ a, c }) => Math.abs(c) * Vector.dot(a, a))
  const beta = sampleSmoothness.reduce((x, y) => x + y, 0) / terms
  const sample = (k: number, weight: number, x: Float64Array, gradient: Float64Array): number => {
    const { a, c, e } = rows[k]!
    const s = Vector.dot(a, x) + e
    Vector.axpy(weight * c * Math.tanh(s), a, gradient)
    return c * (Math.abs(s) + Math.log1p(Math.exp(-2 * Math.abs(s))) - Math.LN2)
  }
  const batch = (indices: Iterable<number>, x: Float64Array, gradient: Float64Array): number => {
    const list = [...indices]
    gradient.fill(0)
    let sum = 0
    for (const k of list) sum += sample(k, 1 / list.length, x, gradient)
    return sum / list.length
  }
  const all = rows.map((_, k) => k)
  const objective = {
    name: "log cosh",
    dimension: n,
    size: terms,
    constants: {},
    valueAndGradient: (x: Float64Array, gradient: Float64Array) => batch(all, x, gradient),
    batchValueAndGradient: (indices: Uint32Array, x: Float64Array, gradient: Float64Array) =>
      batch(indices, x, gradient),
  }
  return { objective, point, beta, sampleSmoothness }
}

/** Margins of lemma 1 and of the bound on |v|, for both algorithms; `push` multiplies the perturbation. */
const descentMargin = (
  { radius, seed, share, ...rest }: Step,
  bound: typeof Theory.descentBound,
) => {
  const { beta, objective, point, sampleSmoothness } = smoothModel({ ...rest, radius, seed })
  const eta = share / beta
  const direction = new Float64Array(point.length)
  RandomStream.make(Seed.root(seed).child("sphere")).fillSphere(direction)
  const gradient = new Float64Array(point.length)
  const sample = new Float64Array(point.length)
  const before = objective.valueAndGradient(point, gradient)
  const index = seed % objective.size
  objective.batchValueAndGradient(Uint32Array.of(index), point, sample)
  const options = {
    learningRate: eta,
    plainLearningRate: eta,
    radius,
    gradientThreshold: Number.POSITIVE_INFINITY,
    draws: fixed(direction, index),
  }
  const margins = [
    [smoothedPerturbation(options), Theory.smoothedMoveBound(beta, radius)] as const,
    [
      sharpnessAwarePerturbation(options),
      Theory.sharpnessAwareMoveBound(Vector.norm(sample), sampleSmoothness[index]!, radius),
    ] as const,
  ].map(([method, limit]) => {
    const state = method.init(objective, point)
    method.step(state)
    const after = objective.valueAndGradient(state.point, sample)
    const allowed = bound(eta, beta, Vector.norm(gradient), Vector.norm(state.move))
    const slack = 1e-12 * (1 + Math.abs(before))
    return Margin.all(
      Margin.holds(after - before <= allowed + slack),
      Margin.holds(Vector.norm(state.move) <= limit * (1 + 1e-12) + slack),
    )
  })
  return Margin.all(...margins)
}

const descentLemma = claim<Step>({
  id: "flat-minima/descent-with-a-move",
  statement:
    "A perturbed step with eta <= 1 / beta has f(x') <= f(x) - eta |G|^2 / 2 + beta eta^2 |v|^2 / 2, with |v| <= beta rho (smoothed) or |grad f_i| + beta_i rho (sharpness-aware).",
  source: recalled("lemma 1"),
  instances: stepInstance,
  margin: (instance) => descentMargin(instance, Theory.descentBound),
  controls: [
    {
      name: "twice the decrease of a gradient step",
      instances: stepInstance,
      margin: (instance) =>
        descentMargin(instance, (eta, beta, g, v) => -eta * g * g + 0.5 * beta * (eta * v) ** 2),
    },
    {
      name: "without the term of the move",
      instances: stepInstance,
      margin: (instance) =>
        descentMargin(
          instance,
          (eta, _beta, g) => (-eta * g * g * (1 - 1e-3)) / 2 - 0.25 * eta * g * g,
        ),
    },
  ],
})

/** |<v, G>| / (|h| |G|) of a smoothed step at a random point. */
const orthogonality = (
  instance: QuarticInstance,
  change: (v: Float64Array, h: Float64Array) => void,
) => {
  const { objective, point } = expandQuartic(instance)
  const direction = new Float64Array(point.length)
  RandomStream.make(Seed.root(instance.seed).child("sphere")).fillSphere(direction)
  const move = smoothedMove(objective, point, instance.radius, direction).slice()
  const gradient = new Float64Array(point.length)
  const h = new Float64Array(point.length)
  objective.valueAndGradient(
    point.map((x, j) => x + instance.radius * direction[j]!),
    h,
  )
  objective.valueAndGradient(point, gradient)
  change(move, h)
  return Math.abs(Vector.dot(move, gradient)) / (Vector.norm(h) * Vector.norm(gradient))
}
const orthogonalMove = claim<QuarticInstance>({
  id: "flat-minima/move-orthogonal-to-gradient",
  statement:
    "|<v, G>| <= 1e-14 |h| |G| with h the gradient before the projection, in every dimension.",
  source: recalled("the projection of both algorithms"),
  instances: quarticInstance(6),
  margin: (instance) =>
    Margin.atMost(
      orthogonality(instance, () => {
        // the move as it is
      }),
      1e-14,
    ),
  controls: [
    {
      name: "no projection",
      instances: quarticInstance(6),
      margin: (instance) =>
        Margin.atMost(
          orthogonality(instance, (v, h) => v.set(h)),
          1e-14,
        ),
    },
  ],
})

interface Circle {
  readonly x: number
  readonly learningRate: number
  readonly radius: number
}
const circleInstance = Draw.record<Circle>({
  x: Draw.linear(1.5, 3),
  learningRate: Draw.logarithmic(1e-2, 1e-3),
  radius: Draw.logarithmic(0.1, 0.01),
})
/** The mean change of the normalised trace over 4,096 directions, relative to the prediction. */
const decreaseRatio = (
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
const decreaseMargin = (instance: Circle, predicted: typeof Theory.traceDecrease) => {
  const width = 5 * instance.learningRate * Theory.factorisation.trace(instance.x, 1 / instance.x)
  return Margin.equal(decreaseRatio(instance, predicted), 1, { absolute: width })
}
const traceDecrease = claim<Circle>({
  id: "flat-minima/trace-decrease",
  statement:
    "At a minimum of (x y - 1)^2 / 2 a smoothed step changes the trace of the limit by -(1/2) eta rho^2 residual^2 on average, within 5 eta times the top eigenvalue of it.",
  source: recalled("lemma 2"),
  instances: circleInstance,
  margin: (instance) => decreaseMargin(instance, Theory.traceDecrease),
  controls: [
    {
      name: "without the factor 1/2",
      instances: circleInstance,
      margin: (instance) =>
        decreaseMargin(instance, (eta, rho, r) => 2 * Theory.traceDecrease(eta, rho, r)),
    },
    {
      name: "d times as much",
      instances: circleInstance,
      margin: (instance) =>
        decreaseMargin(instance, (eta, rho, r) => Theory.traceDecrease(eta, rho, r, 2)),
    },
  ],
})

interface Padded {
  readonly rate: number
  readonly width: number
  readonly padding: number
  readonly radius: number
  readonly x: number
}
const paddedInstance = Draw.record<Padded>({
  rate: Draw.linear(0.2, 1.5),
  width: Draw.integer(1, 4),
  padding: Draw.integer(1, 5),
  radius: Draw.logarithmic(0.3, 0.01),
  x: Draw.linear(0, 1),
})
type Mean = (model: SampleModel, point: Float64Array, radius: number) => Float64Array
const paddingRatio = ({ padding, radius, rate, width, x }: Padded, mean: Mean): number => {
  const drift = (extra: number) => {
    const model = exponentialValley({ rate, width, padding: extra })
    const point = new Float64Array(model.dimension)
    point[0] = x
    return mean(model, point, radius)[0]!
  }
  return drift(0) / drift(padding)
}
const padded = (smoothed: number, aware: number, instance: Padded): number =>
  Margin.all(
    Margin.equal(paddingRatio(instance, meanSmoothedMove), smoothed, { relative: 1e-12 }),
    Margin.equal(
      paddingRatio(instance, (model, point, radius) =>
        meanSharpnessAwareMove(model, point, radius),
      ),
      aware,
      { relative: 1e-12 },
    ),
  )
const productOfFactors = ({ padding, width }: Padded): number => {
  let product = 1
  for (let k = 0; k < padding; k++) product *= Theory.paddingFactor(1 + width + k)
  return product
}
const padding = claim<Padded>({
  id: "flat-minima/padding",
  statement:
    "Each coordinate that f ignores divides the mean smoothed drift of the trace by (d + 1) / d, and leaves the sharpness-aware drift as it is.",
  source: derived("padding law (B6)"),
  instances: paddedInstance,
  margin: (instance) => padded(productOfFactors(instance), 1, instance),
  controls: [
    {
      name: "no effect on the smoothed drift",
      instances: paddedInstance,
      margin: (instance) => padded(1, 1, instance),
    },
    {
      name: "the same effect on the sharpness-aware drift",
      instances: paddedInstance,
      margin: (instance) =>
        padded(productOfFactors(instance), productOfFactors(instance), instance),
    },
  ],
})

interface OneDimension {
  readonly seed: number
  readonly radius: number
  readonly learningRate: number
}
const line = Draw.record<OneDimension>({
  seed: Draw.seed(),
  radius: Draw.logarithmic(0.5, 1e-3),
  learningRate: Draw.logarithmic(0.05, 1e-3),
})
const sameAsDescent = ({ learningRate, radius, seed }: OneDimension, dimension: number): number => {
  const { objective, point } = smoothModel({ dimension, radius, seed, terms: 2 })
  const direction = new Float64Array(dimension)
  RandomStream.make(Seed.root(seed).child("sphere")).fillSphere(direction)
  const method = smoothedPerturbation({
    learningRate,
    plainLearningRate: learningRate,
    radius,
    gradientThreshold: Number.POSITIVE_INFINITY,
    draws: fixed(direction),
  })
  const plain = gradientMethod(sgd({ learningRate }))
  const ours = method.init(objective, point)
  const theirs = plain.init(objective, point)
  for (let t = 0; t < 20; t++) {
    method.step(ours)
    plain.step(theirs)
  }
  return Margin.holds(ours.point.every((value, j) => value === theirs.point[j]!))
}
const oneDimension = claim<OneDimension>({
  id: "flat-minima/one-dimension",
  statement: "In dimension 1 the smoothed perturbation is gradient descent, to the bit.",
  source: derived("nothing is orthogonal to the gradient (B5)"),
  instances: line,
  margin: (instance) => sameAsDescent(instance, 1),
  controls: [
    { name: "dimension 2", instances: line, margin: (instance) => sameAsDescent(instance, 2) },
  ],
})

interface FlatInstance {
  readonly x: number
  readonly eps: number
  readonly epsPrime: number
  readonly more: number
}
const flatInstance = Draw.record<FlatInstance>({
  x: Draw.logarithmic(1, 3),
  eps: Draw.logarithmic(1, 1e-6),
  epsPrime: Draw.logarithmic(1, 1e-3),
  more: Draw.linear(1, 10),
})
const flatMargin = ({ eps, epsPrime, more, x }: FlatInstance, test: typeof Flatness.isFlat) => {
  const measured = { lossGap: 0.01 * x, residual: Theory.factorisation.residual(x, 1 / x) }
  const here = test(measured, eps, epsPrime)
  return Margin.holds(
    (!here || (test(measured, eps * more, epsPrime) && test(measured, eps, epsPrime * more))) &&
      test({ lossGap: 0, residual: Theory.factorisation.residual(1, 1) }, 1e-12, 0.1) &&
      !test({ lossGap: 0, residual: Theory.factorisation.residual(3, 1 / 3) }, 1e-12, 0.1),
  )
}
const flatIsMonotone = claim<FlatInstance>({
  id: "flat-minima/flat-is-monotone",
  statement:
    "Being (eps, eps')-flat is monotone in both; (1, 1) is flat for (x y - 1)^2 / 2 and (3, 1/3) is not, at eps' = 0.1.",
  source: recalled("definition 3"),
  instances: flatInstance,
  margin: (instance) => flatMargin(instance, Flatness.isFlat),
  controls: [
    {
      name: "the residual between eps and eps'",
      instances: flatInstance,
      margin: (instance) =>
        flatMargin(
          instance,
          ({ residual }, eps, epsPrime) => residual >= eps && residual <= epsPrime,
        ),
    },
  ],
})

export const driftClaims: ReadonlyArray<Claim> = [
  smoothedDrift,
  sharpnessAwareDrift,
  needsSigns,
  descentLemma,
  orthogonalMove,
  traceDecrease,
  padding,
  oneDimension,
  flatIsMonotone,
]
