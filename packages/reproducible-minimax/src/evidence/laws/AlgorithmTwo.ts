/** Algorithm 2: gap, deviation and steps. */
import { Draw, type Given, law, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/index.ts"
import { corrected, printed } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"
import * as Two from "../support/TwoRuns.ts"

export const algorithmTwoOfStart = law<Subject, Two.GameRun>({
  id: "reproducible-minimax/algorithm-2-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 2 returns points with a duality gap of at most 2 eps and a squared deviation of at most 4 delta^2.",
  source: printed("Theorem 4.4"),
  instances: Two.gameRuns,
  margin: Two.startsWithin("minimax", ({ delta, eps }) => ({
    gap: Theory.minimaxGapOfStart(eps),
    deviation: Theory.minimaxDeviationOfStart(delta),
  })),
  controls: [
    { name: "a gap forty times as large", subject: Two.gapTimes("minimax", 40) },
    {
      name: "a sixteenth of the deviation",
      margin: Two.startsWithin("minimax", ({ delta, eps }) => ({
        gap: 2 * eps,
        deviation: delta ** 2 / 16,
      })),
    },
  ],
})

/** With errors so small that the bounds leave little room. */
const exactAnswers = Draw.record<Two.GameRun>({
  ...Two.gameRunFields,
  delta: Draw.logarithmic(1e-3, 1e-4),
})

const inexactMargin = (deviationOf: typeof Theory.minimaxDeviationOfGradient) =>
  Two.gradientsWithin("minimax", 1, ({ D, delta, eps }) => ({
    gap: Theory.minimaxGapOfGradient(1, D, eps, delta),
    deviation: deviationOf(D, eps, delta),
  }))

/**
 * The constants are those that a proof with beta = 2 (l + r) gives. The claim says nothing of beta: extragradient ends in such a step
 * itself, and on every instance tried the bounds hold without a correction.
 */
export const algorithmTwoOfGradient = law<Subject, Two.GameRun>({
  id: "reproducible-minimax/algorithm-2-inexact-gradient",
  statement:
    "With answers that err by delta, Algorithm 2 returns a gap of at most (58 l D^2 / eps + 4.3) delta D + eps and a squared deviation of at most 36 (9 + 4 sqrt2) D^4 delta^2 / eps^2.",
  source: corrected("Theorem 4.6"),
  instances: Draw.record<Two.GameRun>({
    ...Two.gameRunFields,
    min: Draw.integer(1, 2),
    max: Draw.integer(1, 2),
  }),
  margin: inexactMargin(Theory.minimaxDeviationOfGradient),
  controls: [
    {
      name: "a gap forty times as large",
      subject: Two.gapTimes("minimax", 40),
      instances: exactAnswers,
    },
    {
      name: "steps for a twentieth of the smoothness",
      subject: Two.smoothnessTimes("minimax", 0.05),
      instances: exactAnswers,
    },
    {
      name: "a thousandth of the deviation",
      margin: inexactMargin(
        (D, eps, delta) => Theory.minimaxDeviationOfGradient(D, eps, delta) / 1000,
      ),
    },
    {
      name: "a deviation of order delta^2",
      margin: inexactMargin((_, __, delta) => delta ** 2 / 4),
    },
  ],
})

const stepsMargin =
  (factor: number) =>
  (subject: Subject, instance: Two.GameRun, given: Given): number => {
    const { D, delta, eps, first } = Two.fromStarts(subject, "minimax", instance, given)
    const accuracy = Theory.minimaxAccuracyOfStart(eps, delta, D)
    const r = Theory.regularisation(eps, D)
    return Margin.atMost(first.steps, 1 + factor * Theory.extragradientSteps(1, r, D, accuracy))
  }

export const stepsOfAlgorithmTwo = law<Subject, Two.GameRun>({
  id: "reproducible-minimax/algorithm-2-steps",
  statement:
    "Algorithm 2 takes at most 1 + 16 ((l + r) / r) ln(15 (l + r) D^2 / eps_r) extragradient steps.",
  source: printed("Theorem 4.4, complexity; the constants derived here"),
  instances: Two.gameRuns,
  margin: stepsMargin(1),
  controls: [{ name: "a hundredth of the steps", margin: stepsMargin(0.01) }],
})
