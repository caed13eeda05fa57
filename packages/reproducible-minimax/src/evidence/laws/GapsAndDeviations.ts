/** What averages of GDA and extragradient reach, and how far two runs are apart. */
import { Draw, type Given, law, Margin } from "@nonconvex/evidence"
import { inexact, inexactStart } from "../../oracle/InexactOracle.ts"
import * as Average from "../../methods/Average.ts"
import * as Theory from "../../theory/index.ts"
import { deviation, follow } from "../support/Follow.ts"
import { printed } from "../support/Paper.ts"
import {
  expand,
  gameFields,
  largestAnswer,
  type RandomGame,
  anyStrategy,
  type StrategyName,
  strategyOf,
} from "../support/RandomProblem.ts"
import type { Scheme } from "../../methods/Scheme.ts"
import type { Subject } from "../support/Subject.ts"

interface Run extends RandomGame {
  readonly steps: number
  readonly delta: number
  readonly strategy: StrategyName
}

/** Balls where a player has a quadratic term: there the gap is exact. */
const fields = {
  ...gameFields,
  set: Draw.oneOf("ball"),
  steps: Draw.integer(1, 300),
  delta: Draw.logarithmic(0.5, 1e-4),
  strategy: anyStrategy,
}
const instances = Draw.record<Run>(fields)
/** Every set, for bilinear games. */
const bilinear = Draw.record<Run>({
  ...fields,
  curvature: Draw.oneOf(0),
  set: Draw.oneOf("ball", "box", "simplex"),
})

const averageGap = (scheme: Scheme, instance: Run, given: Given, delta = 0) => {
  const expanded = expand(instance, given)
  const { problem, start, stream } = expanded
  const errors = strategyOf(instance.strategy, { reference: start, stream })
  const oracle = delta === 0 ? problem : inexact(problem, errors, delta)
  const state = follow(scheme, oracle, start, instance.steps)
  const { gap } = problem
  if (gap === undefined) return { expanded, gap: Number.NaN }
  return { expanded, gap: gap(Average.mean(state.average)) }
}

const rounding = 1e-12

const ascentGap =
  (bound: typeof Theory.descentAscentGap) =>
  (subject: Subject, instance: Run, given: Given): number => {
    const T = instance.steps
    const { expanded, gap } = averageGap(
      subject.gradient(Theory.descentAscentStep(1, T)),
      instance,
      given,
    )
    return Margin.atMost(gap, bound(1, expanded.D, largestAnswer(expanded), T) + rounding)
  }

export const descentAscentGap = law<Subject, Run>({
  id: "reproducible-minimax/descent-ascent-gap",
  statement:
    "T steps of GDA of size 1 / (l sqrt(T)) have an average with a duality gap of at most (l D^2 + L^2 / (2 l)) / sqrt(T).",
  source: printed("Lemma B.4"),
  instances,
  margin: ascentGap(Theory.descentAscentGap),
  controls: [
    {
      name: "the rate of extragradient",
      margin: ascentGap((l, D, L, T) => Theory.descentAscentGap(l, D, L, T * T) / 8),
    },
    {
      name: "a step a hundred times as short",
      subject: (subject) => ({ ...subject, gradient: (a) => subject.gradient(a / 100) }),
    },
  ],
})

const extraGap =
  (factor: number) =>
  (subject: Subject, instance: Run, given: Given): number => {
    const { expanded, gap } = averageGap(subject.extragradient(1), instance, given)
    return Margin.atMost(
      gap,
      factor * Theory.extragradientGap(1, expanded.D, instance.steps) + rounding,
    )
  }

export const extragradientGap = law<Subject, Run>({
  id: "reproducible-minimax/extragradient-gap",
  statement:
    "T steps of extragradient of size 1 / l have averaged half steps with a duality gap of at most l D^2 / T, and at least 0, on balls, boxes and simplices.",
  source: printed("Lemma B.8"),
  instances: bilinear,
  margin: (subject, instance, given) => {
    const { gap } = averageGap(subject.extragradient(1), instance, given)
    return Margin.all(extraGap(1)(subject, instance, given), Margin.atLeast(gap + rounding, 0))
  },
  controls: [
    { name: "a tenth of the gap", margin: extraGap(0.1) },
    {
      name: "gradient descent-ascent in its place",
      subject: (subject) => ({ ...subject, extragradient: (a) => subject.gradient(a) }),
    },
  ],
})

const noisyGap =
  (factor: number) =>
  (subject: Subject, instance: Run, given: Given): number => {
    const { delta, steps: T } = instance
    const ascent = averageGap(
      subject.gradient(Theory.descentAscentStep(1, T)),
      instance,
      given,
      delta,
    )
    const extra = averageGap(subject.extragradient(1), instance, given, delta)
    const small = Theory.smallStepOfGradient(1, delta)
    const slow = averageGap(subject.extragradient(small), instance, given, delta)
    const { D } = ascent.expanded
    const L = largestAnswer(ascent.expanded)
    return Margin.all(
      Margin.atMost(ascent.gap, factor * Theory.descentAscentGapOfGradient(1, D, L, delta, T)),
      Margin.atMost(extra.gap, factor * Theory.extragradientGapOfGradient(1, D, delta, T)),
      Margin.atMost(slow.gap, factor * Theory.smallStepOfGradientBounds(small, D, L, delta, T).gap),
    )
  }

export const inexactGaps = law<Subject, Run>({
  id: "reproducible-minimax/gaps-with-inexact-gradients",
  statement:
    "With answers that err by delta, the averages of GDA, extragradient and small-step extragradient keep the gaps of B.7, B.11 and B.13, which grow by at most sqrt2 delta D, 3 sqrt2 delta D and 3 sqrt2 delta D.",
  source: printed("B.7, B.11, B.13"),
  instances,
  margin: noisyGap(1),
  controls: [{ name: "a tenth of the gaps", margin: noisyGap(0.1) }],
})

/** Averages of two runs from starts within delta of each other. */
const startDeviation = (scheme: Scheme, instance: Run, given: Given): number => {
  const { problem, start, stream } = expand(instance, given)
  const runs = ["a", "b"].map((label) => {
    const from = inexactStart(start, instance.delta, stream(label))
    return Average.mean(follow(scheme, problem, from, instance.steps).average)
  })
  return deviation(runs[0]!, runs[1]!)
}

const startMargin =
  (factor: number) =>
  (subject: Subject, instance: Run, given: Given): number => {
    const { delta, steps: T } = instance
    const expanded = expand(instance, given)
    const L = largestAnswer(expanded)
    const ascent = startDeviation(subject.gradient(Theory.descentAscentStep(1, T)), instance, given)
    const extra = startDeviation(subject.extragradient(1), instance, given)
    const small = Theory.smallStepOfStart(1, delta, T)
    const slow = startDeviation(subject.extragradient(small), instance, given)
    return Margin.all(
      Margin.atMost(ascent, factor * Theory.descentAscentDeviationOfStart(delta), 1e-9),
      Margin.atMost(extra, factor * Theory.extragradientDeviationOfStart(1, L, delta, T), 1e-9),
      Margin.atMost(
        slow,
        factor * Theory.smallStepOfStartBounds(small, expanded.D, L, delta, T).deviation,
        1e-9,
      ),
    )
  }

export const startDeviations = law<Subject, Run>({
  id: "reproducible-minimax/deviations-from-inexact-starts",
  statement:
    "From starts within delta, the averages of GDA, extragradient and small-step extragradient deviate by at most e delta^2, min(4 delta^2 + 16 L^2 T^2 / (3 l^2), 2 (1 + sqrt2)^(2 T) delta^2) and 4 (L^2 + 1) delta^2.",
  source: printed("B.6, B.10, B.12"),
  instances,
  margin: startMargin(1),
  controls: [{ name: "a hundredth of the deviations", margin: startMargin(0.01) }],
})

const gradientDeviation = (scheme: Scheme, instance: Run, given: Given): number => {
  const { problem, start, stream } = expand(instance, given)
  const runs = [instance.strategy, "opposed" as const].map((name) => {
    const errors = strategyOf(name, { reference: start, stream })
    const state = follow(scheme, inexact(problem, errors, instance.delta), start, instance.steps)
    return Average.mean(state.average)
  })
  return deviation(runs[0]!, runs[1]!)
}

const gradientMargin =
  (change: (bound: number, instance: Run) => number) =>
  (subject: Subject, instance: Run, given: Given): number => {
    const { delta, steps: T } = instance
    const expanded = expand(instance, given)
    const L = largestAnswer(expanded)
    const ascent = gradientDeviation(
      subject.gradient(Theory.descentAscentStep(1, T)),
      instance,
      given,
    )
    const extra = gradientDeviation(subject.extragradient(1), instance, given)
    const small = Theory.smallStepOfGradient(1, delta)
    const slow = gradientDeviation(subject.extragradient(small), instance, given)
    const { D } = expanded
    const bounds = Theory.smallStepOfGradientBounds(small, D, L, delta, T)
    return Margin.all(
      Margin.atMost(
        ascent,
        change(Theory.descentAscentDeviationOfGradient(1, delta, T), instance) + rounding,
      ),
      Margin.atMost(
        extra,
        change(Theory.extragradientDeviationOfGradient(1, L, delta, T), instance) + rounding,
      ),
      Margin.atMost(slow, change(bounds.deviation, instance) + rounding),
    )
  }

export const gradientDeviations = law<Subject, Run>({
  id: "reproducible-minimax/deviations-from-inexact-gradients",
  statement:
    "With answers that err by delta, the averages of GDA, extragradient and small-step extragradient deviate by at most 4 e delta^2 T / (3 l^2), (128 delta^2 + 32 L^2) T^2 / (3 l^2) + 8 delta^2 / l^2 and 8 (L^2 + 9) delta^2 (a T)^2.",
  source: printed("B.7, B.11, B.13"),
  instances,
  margin: gradientMargin((bound) => bound),
  controls: [
    {
      name: "deviations that do not grow with T",
      margin: gradientMargin((bound, { steps }) => bound / (10 * steps)),
    },
  ],
})
