/** What every single perturbed step obeys: how far it descends, and how far and whereto it moves off the gradient. */
import { Draw, Margin, parametrisedLaw } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { FiniteSum, Objective } from "@nonconvex/problems/Objective"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { sgd } from "@nonconvex/problems/Sgd"
import * as Theory from "../../theory/Theory.ts"
import { fixed, smoothedMove } from "../support/Moves.ts"
import { derived, recalled } from "../support/Paper.ts"
import { onSphere } from "../support/Random.ts"
import { expandQuartic, quarticInstance, type QuarticInstance } from "../support/Quartic.ts"
import type { Subject } from "../support/Subject.ts"

/** `sum_k c_k log cosh(a_k . x + e_k)`, sampled: smooth with `sum c_k |a_k|^2`, not convex where a c is negative. */
const smoothModel = ({ dimension: n, seed, terms }: QuarticInstance) => {
  const stream = RandomStream.make(Seed.root(seed))
  const rows = Array.from({ length: terms }, () => {
    return { a: stream.normals(n), e: stream.normal(), c: stream.normal() }
  })
  const point = stream.normals(n)
  const sampleSmoothness = rows.map(({ a, c }) => Math.abs(c) * Vector.dot(a, a))
  const beta = sampleSmoothness.reduce((x, y) => x + y, 0) / terms
  const sample = (k: number, weight: number, x: Float64Array, gradient: Float64Array): number => {
    const { a, c, e } = rows[k]!
    const s = Vector.dot(a, x) + e
    Vector.axpy(weight * c * Elementary.tanh(s), a, gradient)
    return c * (Math.abs(s) + Elementary.log1p(Elementary.exp(-2 * Math.abs(s))) - Math.LN2)
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

/** `beta |x|^2 / 2` in the plane. */
const bowl = (beta: number): Objective => ({
  name: "bowl",
  dimension: 2,
  constants: {},
  valueAndGradient: (x, gradient) => {
    x.forEach((value, j) => (gradient[j] = beta * value))
    return (beta * Vector.dot(x, x)) / 2
  },
})

/** Two of them, tilted in opposite directions. */
const tiltedBowls = (beta: number, slope: number): FiniteSum => {
  const round = bowl(beta)
  return {
    ...round,
    name: "tilted bowls",
    size: 2,
    batchValueAndGradient: ([index], x, gradient) => {
      const sign = index === 0 ? slope : -slope
      const value = round.valueAndGradient(x, gradient)
      gradient[0]! += sign
      return value + sign * x[0]!
    },
  }
}

export const descentWithAMove = parametrisedLaw({
  id: "flat-minima/descent-with-a-move",
  statement:
    "A perturbed step with eta <= 1 / beta has f(x') <= f(x) - eta |G|^2 / 2 + beta eta^2 |v|^2 / 2, with |v| <= beta rho (smoothed) or |grad f_i| + beta_i rho (sharpness-aware).",
  inFloatingPoint: "unwritten",
  source: recalled("lemma 1"),
  instances: Draw.record({
    dimension: Draw.integer(2, 6),
    terms: Draw.integer(1, 4),
    radius: Draw.logarithmic(0.5, 1e-3),
    seed: Draw.seed(),
    /** eta as a share of 1 / beta */
    share: Draw.linear(1, 0.05),
  }),
  /** Margins of lemma 1 and of the bound on |v|, for both algorithms. */
  margin: (subject: Subject, { radius, seed, share, ...rest }, _given, bound) => {
    const { beta, objective, point, sampleSmoothness } = smoothModel({ ...rest, radius, seed })
    const eta = share / beta
    const direction = onSphere(seed, "sphere", point.length)
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
    const check = (method: Method<MethodState, FiniteSum>, limit: number): number => {
      const state = method.init(objective, point)
      method.step(state)
      const after = objective.valueAndGradient(state.point, new Float64Array(point.length))
      // of `x - eta (G + v)`, with what the subtraction loses
      const move = state.point.map((value, j) => (point[j]! - value) / eta - gradient[j]!)
      const lost = (1e-15 * Vector.norm(point)) / eta
      const allowed = bound(eta, beta, Vector.norm(gradient), Vector.norm(move) + lost)
      const slack = 1e-12 * (1 + Math.abs(before))
      return Margin.all(
        Margin.holds(after - before <= allowed + slack),
        Margin.holds(Vector.norm(move) <= limit * (1 + 1e-12) + slack + lost),
      )
    }
    // of a quadratic with every curvature beta, a step of 1 / beta and a move across the gradient: both bounds are attained
    const across = Float64Array.of(radius * beta, 0)
    const round = subject.smoothed({
      ...options,
      learningRate: 1 / beta,
      draws: fixed(Float64Array.of(1, 0)),
    })
    const still = round.init(bowl(beta), Float64Array.of(0, share))
    round.step(still)
    const moved = Vector.norm(still.point) * beta
    // of a sample whose gradient the other one cancels, the move is whole and along it
    const tilt = subject.sharpnessAware({
      ...options,
      learningRate: 1,
      draws: fixed(new Float64Array(2), 0, 1),
    })
    const tilted = tilt.init(tiltedBowls(beta, share), new Float64Array(2))
    tilt.step(tilted)
    const change = (Vector.dot(across, across) / beta - beta * (share * share)) / 2
    return Margin.all(
      Margin.equal(moved, Theory.smoothedMoveBound(beta, radius), { relative: 1e-9 }),
      Margin.equal(Vector.norm(tilted.point), Theory.sharpnessAwareMoveBound(share, beta, radius), {
        relative: 1e-9,
      }),
      Margin.equal(bound(1 / beta, beta, beta * share, moved), change, {
        absolute: 1e-12 * beta,
        relative: 1e-9,
      }),
      check(subject.smoothed(options), Theory.smoothedMoveBound(beta, radius)),
      check(
        subject.sharpnessAware(options),
        Theory.sharpnessAwareMoveBound(Vector.norm(sample), sampleSmoothness[index]!, radius),
      ),
    )
  },
  holds: Theory.descentBound,
  fails: [
    [
      "twice the decrease of a gradient step",
      (eta, beta, g, v) => -eta * g * g + 0.5 * beta * Elementary.square(eta * v),
    ],
    ["without the term of the move", (eta, _beta, g) => -0.5 * eta * g * g],
  ],
})

/** |<v, G>| / (|h| |G| + |G|^2) of a smoothed step at a random point: of x - (G + v) the rounding of G is left. */
const orthogonality = (
  subject: Subject,
  instance: QuarticInstance,
  change: (v: Float64Array, h: Float64Array) => void,
) => {
  const { objective, point } = expandQuartic(instance)
  const direction = onSphere(instance.seed, "sphere", point.length)
  const move = smoothedMove(subject, objective, point, instance.radius, direction)
  const gradient = new Float64Array(point.length)
  const h = new Float64Array(point.length)
  objective.valueAndGradient(
    point.map((x, j) => x + instance.radius * direction[j]!),
    h,
  )
  objective.valueAndGradient(point, gradient)
  change(move, h)
  const size = Vector.norm(gradient)
  return Math.abs(Vector.dot(move, gradient)) / (Vector.norm(h) * size + size * size)
}
export const moveOrthogonalToGradient = parametrisedLaw({
  id: "flat-minima/move-orthogonal-to-gradient",
  statement:
    "|<v, G>| <= 1e-14 (|h| + |G|) |G| with h the gradient before the projection, in every dimension.",
  inFloatingPoint: "unwritten",
  source: recalled("the projection of both algorithms"),
  instances: quarticInstance(6),
  margin: (subject: Subject, instance, _given, change) =>
    Margin.atMost(orthogonality(subject, instance, change), 1e-14),
  holds: (_v: Float64Array, _h: Float64Array): void => {},
  fails: [["no projection", (v, h) => v.set(h)]],
})

export const oneDimension = parametrisedLaw({
  id: "flat-minima/one-dimension",
  statement: "In dimension 1 the smoothed perturbation is gradient descent, to the bit.",
  inFloatingPoint: "bits",
  source: derived("nothing is orthogonal to the gradient"),
  instances: Draw.record({
    seed: Draw.seed(),
    radius: Draw.logarithmic(0.5, 1e-3),
    learningRate: Draw.logarithmic(0.05, 1e-3),
  }),
  margin: ({ smoothed }: Subject, { learningRate, radius, seed }, _given, dimension) => {
    const { objective, point } = smoothModel({ dimension, radius, seed, terms: 2 })
    const direction = onSphere(seed, "sphere", dimension)
    const method = smoothed({
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
  },
  holds: 1,
  fails: [["dimension 2", 2]],
})
