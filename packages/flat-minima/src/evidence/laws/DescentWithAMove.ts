import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { FiniteSum, Objective } from "@nonconvex/problems/Objective"
import * as Theory from "../../theory/Theory.ts"
import { exactDescents, exactlyAttained, type Weights } from "../support/ExactDescent.ts"
import { fixed } from "../support/Moves.ts"
import { recalled } from "../support/Paper.ts"
import { onSphere } from "../support/Random.ts"
import { smoothModel } from "../support/SmoothModel.ts"
import { flatMinima, type Subject } from "../support/Subject.ts"

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

/** Two such bowls, tilted in opposite directions. */
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
  /** eta times beta. */
  share: Draw.linear(1, 0.05),
})

type Drawn = Draw.Drawn<typeof descents>

/** A bound on the change of f, with its coefficients of -eta |G|^2 / 2 and beta eta^2 |v|^2 / 2. */
interface Descent extends Weights {
  readonly bound: typeof Theory.descentBound
}

const everyStep = { gradientThreshold: Number.POSITIVE_INFINITY }

const lemma1: Descent = { bound: Theory.descentBound, decrease: 1, move: 1 }

/** A smooth model, and the end of a step of each algorithm. */
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
    "A perturbed step with eta <= 1 / beta has f(x') <= f(x) - eta |G|^2 / 2 + beta eta^2 |v|^2 / 2. Here |v| <= beta rho for the smoothed step, and |grad f_i| + beta_i rho for the sharpness-aware one.",
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
