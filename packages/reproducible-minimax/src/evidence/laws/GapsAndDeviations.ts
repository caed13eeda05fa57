/** What averages of GDA and extragradient reach, and how far two runs are apart. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Average from "../../methods/Average.ts"
import type { Scheme } from "../../methods/Scheme.ts"
import { inexact, inexactStart } from "../../oracle/InexactOracle.ts"
import type { Problem } from "../../problem/Problem.ts"
import * as Theory from "../../theory/index.ts"
import { deviation, follow } from "../support/Follow.ts"
import { printed } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { mutant, type Subject, reproducibleMinimax } from "../support/Subject.ts"

const fields = {
  ...Random.gameFields,
  steps: Draw.integer(1, 300),
  delta: Draw.logarithmic(0.5, 1e-4),
  strategy: Random.anyStrategy,
}
type Run = Random.Drawn<typeof fields>

/** Balls where a player has a quadratic term: there the gap is exact. */
const instances = Draw.record({ ...fields, set: Draw.oneOf("ball") })

const rounding = 1e-12

/** The mean of what a run averages. */
const meanOf = (scheme: Scheme, problem: Problem, start: Float64Array, { steps }: Run) =>
  Average.mean(follow(scheme, problem, start, steps).average)

/** GDA for so many steps. */
const descentAscent = (subject: Subject, { steps }: Run) =>
  subject.gradient(Theory.descentAscentStep(1, steps))

/** What a law looks at: the game, the bounds' constants, and averages with an oracle that errs as an adversary likes. */
const look = (instance: Run, given: Given) => {
  const expanded = Random.expand(instance, given)
  const { problem, start, stream } = expanded
  const erring = (name: Random.StrategyName) =>
    inexact(problem, Random.strategyOf(name, { reference: start, stream }), instance.delta)
  const gapOf = (scheme: Scheme, oracle: Problem) =>
    problem.gap?.(meanOf(scheme, oracle, start, instance)) ?? Number.NaN
  return {
    D: expanded.D,
    L: Random.largestAnswer(expanded),
    gap: (scheme: Scheme) => gapOf(scheme, problem),
    inexactGap: (scheme: Scheme) => gapOf(scheme, erring(instance.strategy)),
    /** Squared, of two runs from starts within delta of each other. */
    startDeviation: (scheme: Scheme) => {
      const [one, two] = ["a", "b"].map((label) => {
        const from = inexactStart(start, instance.delta, stream(label))
        return meanOf(scheme, problem, from, instance)
      })
      return deviation(one!, two!)
    },
    /** Squared, of two runs that err, one against the other. */
    gradientDeviation: (scheme: Scheme) => {
      const [one, two] = [instance.strategy, "opposed" as const].map((name) =>
        meanOf(scheme, erring(name), start, instance),
      )
      return deviation(one!, two!)
    },
  }
}

export const descentAscentGap = claim({
  id: "reproducible-minimax/descent-ascent-gap",
  statement:
    "T steps of GDA of size 1 / (l sqrt(T)) have an average with a duality gap of at most (l D^2 + L^2 / (2 l)) / sqrt(T).",
  inFloatingPoint: "run",
  source: printed("Lemma B.4"),
  subject: reproducibleMinimax,
  instances,
  value: Theory.descentAscentGap,
  margin: ({ instance, kernels, subject, value: bound }) => {
    const { D, L, gap } = look(instance, { kernels })
    const found = gap(descentAscent(subject, instance))
    return Margin.atMost(found, bound(1, D, L, instance.steps) + rounding)
  },
  controls: [
    {
      name: "the rate of extragradient",
      value: (l, D, L, T) => Theory.descentAscentGap(l, D, L, T * T) / 8,
    },
    mutant("a step a hundred times as short", (subject) => ({
      gradient: (a) => subject.gradient(a / 100),
    })),
  ],
})

export const extragradientGap = claim({
  id: "reproducible-minimax/extragradient-gap",
  statement:
    "T steps of extragradient of size 1 / l have averaged half steps with a duality gap of at most l D^2 / T, and at least 0, on balls, boxes and simplices.",
  inFloatingPoint: "run",
  source: printed("Lemma B.8"),
  subject: reproducibleMinimax,
  /** Every set, for bilinear games. */
  instances: Draw.record({ ...fields, curvature: Draw.oneOf(0) }),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { D, gap } = look(instance, { kernels })
    const found = gap(subject.extragradient(1))
    return Margin.all(
      Margin.atMost(found, factor * Theory.extragradientGap(1, D, instance.steps) + rounding),
      Margin.atLeast(found + rounding, 0),
    )
  },
  controls: [
    { name: "a tenth of the gap", value: 0.1 },
    mutant("gradient descent-ascent in its place", ({ gradient }) => ({ extragradient: gradient })),
  ],
})

export const inexactGaps = claim({
  id: "reproducible-minimax/gaps-with-inexact-gradients",
  statement:
    "With answers that err by delta, the averages of GDA, extragradient and small-step extragradient keep the gaps of B.7, B.11 and B.13, which grow by at most sqrt2 delta D, 3 sqrt2 delta D and 3 sqrt2 delta D.",
  inFloatingPoint: "run",
  source: printed("B.7, B.11, B.13"),
  subject: reproducibleMinimax,
  instances,
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { delta, steps: T } = instance
    const { D, inexactGap, L } = look(instance, { kernels })
    const ascent = descentAscent(subject, instance)
    const small = Theory.smallStepOfGradient(1, delta)
    const { gap: ofSmall } = Theory.smallStepOfGradientBounds(small, D, L, delta, T)
    const within = (scheme: Scheme, bound: number) =>
      Margin.atMost(inexactGap(scheme), factor * bound)
    return Margin.all(
      within(ascent, Theory.descentAscentGapOfGradient(1, D, L, delta, T)),
      within(subject.extragradient(1), Theory.extragradientGapOfGradient(1, D, delta, T)),
      within(subject.extragradient(small), ofSmall),
    )
  },
  controls: [{ name: "a tenth of the gaps", value: 0.1 }],
})

export const startDeviations = claim({
  id: "reproducible-minimax/deviations-from-inexact-starts",
  statement:
    "From starts within delta, the averages of GDA, extragradient and small-step extragradient deviate by at most e delta^2, min(4 delta^2 + 16 L^2 T^2 / (3 l^2), 2 (1 + sqrt2)^(2 T) delta^2) and 4 (L^2 + 1) delta^2.",
  inFloatingPoint: "run",
  source: printed("B.6, B.10, B.12"),
  subject: reproducibleMinimax,
  instances,
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { delta, steps: T } = instance
    const { D, L, startDeviation } = look(instance, { kernels })
    const small = Theory.smallStepOfStart(1, delta, T)
    const { deviation: ofSmall } = Theory.smallStepOfStartBounds(small, D, L, delta, T)
    const within = (scheme: Scheme, bound: number) =>
      Margin.atMost(startDeviation(scheme), factor * bound, 1e-9)
    return Margin.all(
      within(descentAscent(subject, instance), Theory.descentAscentDeviationOfStart(delta)),
      within(subject.extragradient(1), Theory.extragradientDeviationOfStart(1, L, delta, T)),
      within(subject.extragradient(small), ofSmall),
    )
  },
  controls: [{ name: "a hundredth of the deviations", value: 0.01 }],
})

export const gradientDeviations = claim({
  id: "reproducible-minimax/deviations-from-inexact-gradients",
  statement:
    "With answers that err by delta, the averages of GDA, extragradient and small-step extragradient deviate by at most 4 e delta^2 T / (3 l^2), (128 delta^2 + 32 L^2) T^2 / (3 l^2) + 8 delta^2 / l^2 and 8 (L^2 + 9) delta^2 (a T)^2.",
  inFloatingPoint: "run",
  source: printed("B.7, B.11, B.13"),
  subject: reproducibleMinimax,
  instances,
  value: (_steps: number): number => 1,
  margin: ({ instance, kernels, subject, value: shrink }) => {
    const { delta, steps: T } = instance
    const { D, gradientDeviation, L } = look(instance, { kernels })
    const ascent = descentAscent(subject, instance)
    const small = Theory.smallStepOfGradient(1, delta)
    const { deviation: ofSmall } = Theory.smallStepOfGradientBounds(small, D, L, delta, T)
    const within = (scheme: Scheme, bound: number) =>
      Margin.atMost(gradientDeviation(scheme), bound / shrink(T) + rounding)
    return Margin.all(
      within(ascent, Theory.descentAscentDeviationOfGradient(1, delta, T)),
      within(subject.extragradient(1), Theory.extragradientDeviationOfGradient(1, L, delta, T)),
      within(subject.extragradient(small), ofSmall),
    )
  },
  controls: [{ name: "deviations that do not grow with T", value: (steps) => 10 * steps }],
})
