/** What every single perturbed step obeys: how far it descends, and how far and whereto it moves off the gradient. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import type { FiniteSum, Objective } from "@nonconvex/problems/Objective"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { sgd } from "@nonconvex/problems/Sgd"
import * as Theory from "../../theory/Theory.ts"
import { exactDescents, exactlyAttained, type Weights } from "../support/ExactDescent.ts"
import { fixed, smoothedMove } from "../support/Moves.ts"
import { derived, recalled } from "../support/Paper.ts"
import { onSphere } from "../support/Random.ts"
import { expandQuartic, quarticInstance, type QuarticInstance } from "../support/Quartic.ts"
import { smoothModel } from "../support/SmoothModel.ts"
import { type Subject, flatMinima } from "../support/Subject.ts"

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

const descents = Draw.record({
  dimension: Draw.integer(2, 6),
  terms: Draw.integer(1, 4),
  radius: Draw.logarithmic(0.5, 1e-3),
  seed: Draw.seed(),
  /** eta as a share of 1 / beta */
  share: Draw.linear(1, 0.05),
})
type Drawn = Draw.Drawn<typeof descents>

/** A bound on the change of f, and how many times -eta |G|^2 / 2 and beta eta^2 |v|^2 / 2 it is the sum of. */
interface Descent extends Weights {
  readonly bound: typeof Theory.descentBound
}

const everyStep = { gradientThreshold: Number.POSITIVE_INFINITY }

const lemma1: Descent = { bound: Theory.descentBound, decrease: 1, move: 1 }

/** A smooth model, and where a step of both algorithms ends. */
const stepped = (subject: Subject, instance: Drawn) => {
  const { radius, seed, share } = instance
  const { sampleSmoothness, ...model } = smoothModel(instance)
  const { objective, point } = model
  const eta = share / model.beta
  const [gradient, sample] = [new Float64Array(point.length), new Float64Array(point.length)]
  const before = objective.valueAndGradient(point, gradient)
  const index = seed % objective.size
  objective.batchValueAndGradient(Uint32Array.of(index), point, sample)
  const options = {
    ...everyStep,
    learningRate: eta,
    plainLearningRate: eta,
    radius,
    draws: fixed(onSphere(seed, "sphere", point.length), index),
  }
  const endOf = (method: Method<MethodState, FiniteSum>): Float64Array => {
    const state = method.init(objective, point)
    method.step(state)
    return state.point
  }
  const ends = {
    smoothed: endOf(subject.smoothed(options)),
    sharpnessAware: endOf(subject.sharpnessAware(options)),
  }
  return {
    ...model,
    before,
    ends,
    eta,
    gradient,
    index,
    sample,
    sampleSmoothness: sampleSmoothness[index]!,
  }
}

/** Steps that attain the bounds. */
const attained = (subject: Subject, { radius, share }: Drawn, beta: number) => {
  const options = { ...everyStep, plainLearningRate: share / beta, radius }
  // of a quadratic with every curvature beta, a step of 1 / beta and a move across the gradient: both bounds are attained
  const across = Float64Array.of(radius * beta, 0)
  const round = subject.smoothed({
    ...options,
    learningRate: 1 / beta,
    draws: fixed(Float64Array.of(1, 0)),
  })
  const still = round.init(bowl(beta), Float64Array.of(0, share))
  round.step(still)
  // of a sample whose gradient the other one cancels, the move is whole and along it
  const tilt = subject.sharpnessAware({
    ...options,
    learningRate: 1,
    draws: fixed(new Float64Array(2), 0, 1),
  })
  const tilted = tilt.init(tiltedBowls(beta, share), new Float64Array(2))
  tilt.step(tilted)
  return { across, still: still.point, tilted: tilted.point }
}

export const descentWithAMove = claim({
  id: "flat-minima/descent-with-a-move",
  statement:
    "A perturbed step with eta <= 1 / beta has f(x') <= f(x) - eta |G|^2 / 2 + beta eta^2 |v|^2 / 2, with |v| <= beta rho (smoothed) or |grad f_i| + beta_i rho (sharpness-aware).",
  source: recalled("lemma 1"),
  subject: flatMinima,
  instances: descents,
  value: lemma1,
  /** Margins of lemma 1 and of the bound on |v|, for both algorithms. */
  margin: ({ instance, subject, value: { bound } }) => {
    const { radius, share } = instance
    const { beta, eta, gradient, objective, point, sample, sampleSmoothness, before, ends } =
      stepped(subject, instance)
    const check = (end: Float64Array, limit: number): Margin.Comparison => {
      const after = objective.valueAndGradient(end, new Float64Array(point.length))
      // of `x - eta (G + v)`, with what the subtraction loses
      const move = end.map((value, j) => (point[j]! - value) / eta - gradient[j]!)
      const lost = (1e-15 * Vector.norm(point)) / eta
      const allowed = bound(eta, beta, Vector.norm(gradient), Vector.norm(move) + lost)
      const slack = 1e-12 * (1 + Math.abs(before))
      return Margin.all(
        Margin.holds(after - before <= allowed + slack),
        Margin.holds(Vector.norm(move) <= limit * (1 + 1e-12) + slack + lost),
      )
    }
    const { across, still, tilted } = attained(subject, instance, beta)
    const moved = Vector.norm(still) * beta
    const change = (Vector.dot(across, across) / beta - beta * (share * share)) / 2
    return Margin.all(
      Margin.equal(moved, Theory.smoothedMoveBound(beta, radius), { relative: 1e-9 }),
      Margin.equal(Vector.norm(tilted), Theory.sharpnessAwareMoveBound(share, beta, radius), {
        relative: 1e-9,
      }),
      Margin.equal(bound(1 / beta, beta, beta * share, moved), change, {
        absolute: 1e-12 * beta,
        relative: 1e-9,
      }),
      check(ends.smoothed, Theory.smoothedMoveBound(beta, radius)),
      check(
        ends.sharpnessAware,
        Theory.sharpnessAwareMoveBound(Vector.norm(sample), sampleSmoothness, radius),
      ),
    )
  },
  exactly: ({ instance, subject, value: weights }) => {
    const { beta, ends, eta, index, point, rows } = stepped(subject, instance)
    const { still, tilted } = attained(subject, instance, beta)
    const [rho, share] = [Exact.of(instance.radius), Exact.of(instance.share)]
    return Exact.worst(
      ...exactlyAttained({ beta: Exact.of(beta), rho, share, still, tilted }, weights),
      ...exactDescents({ eta: Exact.of(eta), index, point, rho, rows }, ends, weights),
    )
  },
  controls: [
    {
      name: "twice the decrease of a gradient step",
      value: {
        bound: (eta, beta, g, v) => -eta * g * g + 0.5 * beta * Elementary.square(eta * v),
        decrease: 2,
        move: 1,
      },
    },
    {
      name: "without the term of the move",
      value: { bound: (eta, _beta, g) => -0.5 * eta * g * g, decrease: 1, move: 0 },
    },
  ],
})

/** The move v of a smoothed step at a random point, the gradient h before the projection and G: of x - (G + v) the rounding of G is left. */
const projected = (
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
  return { gradient, h, move }
}

export const moveOrthogonalToGradient = claim({
  id: "flat-minima/move-orthogonal-to-gradient",
  statement:
    "|<v, G>| <= 1e-14 (|h| + |G|) |G| with h the gradient before the projection, in every dimension.",
  source: recalled("the projection of both algorithms"),
  subject: flatMinima,
  instances: quarticInstance(6),
  value: (_v: Float64Array, _h: Float64Array): void => {},
  margin: ({ instance, subject, value: change }) => {
    const { gradient, h, move } = projected(subject, instance, change)
    const size = Vector.norm(gradient)
    const along = Math.abs(Vector.dot(move, gradient))
    return Margin.atMost(along / (Vector.norm(h) * size + size * size), 1e-14)
  },
  exactly: ({ instance, subject, value: change }) => {
    const told = projected(subject, instance, change)
    const [gradient, h, move] = [told.gradient, told.h, told.move].map(Exact.vector)
    const size = Exact.norm(gradient!)
    const most = Exact.product(Exact.of("1e-14"), Exact.add(Exact.norm(h!), size), size)
    return Exact.atMost(Exact.absolute(Exact.dot(move!, gradient!)), most)
  },
  controls: [{ name: "no projection", value: (v, h) => v.set(h) }],
})

export const oneDimension = claim({
  id: "flat-minima/one-dimension",
  statement: "In dimension 1 the smoothed perturbation is gradient descent, to the bit.",
  inFloatingPoint: "bits",
  source: derived("nothing is orthogonal to the gradient"),
  subject: flatMinima,
  instances: Draw.record({
    seed: Draw.seed(),
    radius: Draw.logarithmic(0.5, 1e-3),
    learningRate: Draw.logarithmic(0.05, 1e-3),
  }),
  value: 1,
  margin: ({
    instance: { learningRate, radius, seed },
    subject: { smoothed },
    value: dimension,
  }) => {
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
  controls: [{ name: "dimension 2", value: 2 }],
})
