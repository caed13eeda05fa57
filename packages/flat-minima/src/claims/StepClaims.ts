/** F8, F9 and F12: what every single perturbed step obeys. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { gradientMethod, sgd } from "@nonconvex/problems"
import { sharpnessAwarePerturbation } from "../SharpnessAware.ts"
import { smoothedPerturbation } from "../Smoothed.ts"
import * as Theory from "../Theory.ts"
import { fixed, smoothedMove } from "./Moves.ts"
import { derived, recalled } from "./Paper.ts"
import { expandQuartic, quarticInstance, type QuarticInstance } from "./Quartic.ts"

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

export const stepClaims: ReadonlyArray<Claim> = [descentLemma, orthogonalMove, oneDimension]
