/** Worst cases that other programs computed, attained or not exceeded. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { huber } from "../support/PiecewiseLinear.ts"
import type { Scheme } from "../../methods/Scheme.ts"
import * as Theory from "../../theory/index.ts"
import { follow } from "../support/Follow.ts"
import { recalled } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

/** Huber's function: x^2 / 2 within the width, w |x| - w^2 / 2 outside. */
const exactHuber = (x: Exact.Value, width: Exact.Value): Exact.Value => {
  const size = Exact.absolute(x)
  const half = Exact.of("1/2")
  if (Exact.compare(size, width)! <= 0) return Exact.multiply(half, Exact.square(size))
  return Exact.multiply(width, Exact.subtract(size, Exact.multiply(half, width)))
}

const tight = { steps: Draw.integer(1, 200) }

export const tightBounds = claim({
  id: "reproducible-minimax/tight-bounds-are-attained",
  statement:
    "GD attains l D^2 / (4 n + 2) on the Huber function of width 1 / (2 n + 1), AGD 2 l D^2 / (n^2 + 5 n + 6) on that of width 4 / (n^2 + 5 n + 6).",
  source: recalled("the tight bounds that PEPit documents"),
  subject: reproducibleMinimax,
  instances: Draw.record(tight),
  value: 1,
  margin: ({ instance: { steps }, subject, value: factor }) => {
    const attains = (scheme: Scheme, width: number, bound: number) => {
      const { problem, value } = huber(width)
      const gap = value(follow(scheme, problem, Float64Array.of(1), steps).point[0]!)
      return [
        Margin.atMost(gap, factor * bound, 1e-9),
        Margin.atLeast(gap, 0.999 * (factor * bound)),
      ]
    }
    const slow = Theory.gradientDescentHuberWidth(steps)
    const fast = Theory.acceleratedHuberWidth(steps)
    return Margin.all(
      ...attains(subject.gradient(1), slow, Theory.gradientDescentGap(1, 1, steps)),
      ...attains(subject.accelerated(1), fast, Theory.acceleratedGap(1, 1, steps)),
    )
  },
  exactly: ({ instance: { steps }, subject, value: factor }) => {
    const [n, times] = [Exact.of(steps), Exact.of(factor)]
    const over = (top: number, bottom: Exact.Value) =>
      Exact.divide(Exact.multiply(Exact.of(top), times), bottom)
    const slow = Exact.add(Exact.multiply(Exact.of(4), n), Exact.of(2))
    const fast = Exact.sum(Exact.square(n), Exact.multiply(Exact.of(5), n), Exact.of(6))
    const attains = (scheme: Scheme, width: number, bound: Exact.Value) => {
      const reached = follow(scheme, huber(width).problem, Float64Array.of(1), steps).point[0]!
      const gap = exactHuber(Exact.of(reached), Exact.of(width))
      const most = Exact.multiply(Exact.of("1.000000001"), bound)
      return [Exact.atMost(gap, most), Exact.atLeast(gap, Exact.multiply(Exact.of("0.999"), bound))]
    }
    return Exact.worst(
      ...attains(subject.gradient(1), Theory.gradientDescentHuberWidth(steps), over(1, slow)),
      ...attains(subject.accelerated(1), Theory.acceleratedHuberWidth(steps), over(2, fast)),
    )
  },
  controls: [
    { name: "a hundredth less", value: 0.99 },
    mutant("a constant momentum", (subject) => ({
      accelerated: (l) => subject.acceleratedStronglyConvex(l, 0.01),
    })),
  ],
})

export const convergence = claim({
  id: "reproducible-minimax/convergence-on-quadratics",
  statement:
    "On convex quadratics GD has a gap of at most l D^2 / (4 n + 2) after n steps, AGD of at most 2 l D^2 / (n^2 + 5 n + 6).",
  inFloatingPoint: "run",
  source: recalled("the bounds that PEPit documents"),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...Random.fewCoordinates, ...tight }),
  value: 1,
  margin: ({ instance, subject, value: factor }) => {
    const { D, problem, start, value } = Random.expandQuadratic(instance)
    const within = (scheme: Scheme, bound: number) => {
      const gap = value(follow(scheme, problem, start, instance.steps).point)
      return Margin.atMost(gap, factor * bound + 1e-15 * (1 + D * D), 1e-9)
    }
    return Margin.all(
      within(subject.gradient(1), Theory.gradientDescentGap(1, D, instance.steps)),
      within(subject.accelerated(1), Theory.acceleratedGap(1, D, instance.steps)),
    )
  },
  controls: [
    { name: "a tenth of the bounds", value: 0.1 },
    mutant("no acceleration, with a step a tenth as long", (subject) => ({
      accelerated: (l) => subject.gradient(0.1 / l),
    })),
  ],
})

/** PEPit's worst case of ||x_5 - x_4||^2 by |x_0 - x*|^2 for the past extragradient method, step 1 / (4 L). */
const pastExtragradient = 0.060266383644705254
/** PEPit's worst case of f(x_5) - f* by L |x_0 - x*|^2 with gradients that err by a tenth of their norm. */
const relativeInexactness = 0.03944038534724904

export const optimisticKnownAnswer = claim({
  id: "reproducible-minimax/optimistic-gradient-known-answer",
  statement:
    "Five steps of the past extragradient (optimistic) method of size 1 / (4 L) end with |x_5 - x_4|^2 <= 0.06026639 |x_0 - x*|^2.",
  inFloatingPoint: "run",
  source: recalled("the worst case that PEPit 0.5 computes by semidefinite programming"),
  subject: reproducibleMinimax,
  instances: Draw.record(Random.gameFields),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { problem, start } = Random.expand(instance, { kernels })
    const state = follow(subject.optimisticGradient(0.25), problem, start, 4)
    const before = state.point.slice()
    const next = follow(subject.optimisticGradient(0.25), problem, start, 5).point
    const solution = follow(subject.extragradient(0.5), problem, start, 3000).point
    const distance = Vector.distance(start, solution)
    const allowed = factor * pastExtragradient * (distance * distance) + 1e-6 * distance + 1e-9
    return Margin.atMost(Elementary.square(Vector.distance(next, before)), allowed)
  },
  controls: [
    { name: "a fifth of the worst case", value: 0.2 },
    mutant("a step that is four times as long", (subject) => ({
      optimisticGradient: (step) => subject.optimisticGradient(4 * step),
    })),
  ],
})

export const relativelyInexactKnownAnswer = claim({
  id: "reproducible-minimax/inexact-acceleration-known-answer",
  statement:
    "Five steps of AGD with gradients that err by at most a tenth of their norm have a gap of at most 0.03944039 L |x_0 - x*|^2.",
  inFloatingPoint: "run",
  source: recalled("the worst case that PEPit 0.5 computes by semidefinite programming"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...Random.fewCoordinates,
    sign: Draw.oneOf(1, -1),
    turn: Draw.linear(0, 1),
  }),
  value: 1,
  margin: ({ instance, subject, value: factor }) => {
    const { D, problem, start, value } = Random.expandQuadratic(instance)
    const damped = Math.sqrt(1 - instance.turn * instance.turn)
    const errors: ErrorStrategy.ErrorStrategy = (z, answer, error) => {
      ErrorStrategy.turning(z, answer, error)
      const length = Vector.norm(answer)
      for (let i = 0; i < error.length; i++) {
        const along = length === 0 ? 0 : answer[i]! / length
        error[i] = length * (instance.sign * damped * along + instance.turn * error[i]!)
      }
    }
    const state = follow(subject.accelerated(1), inexact(problem, errors, 0.1), start, 5)
    return Margin.atMost(value(state.point), factor * relativeInexactness * (D * D), 1e-9)
  },
  controls: [
    { name: "a fifth of the worst case", value: 0.2 },
    mutant("no momentum and half of the step", (subject) => ({
      accelerated: (l) => subject.gradient(0.3 / l),
    })),
  ],
})
