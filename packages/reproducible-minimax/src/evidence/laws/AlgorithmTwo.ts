/** M11, M12, M18: Algorithms 2 and 3. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { inexact, inexactStart } from "../../oracle/InexactOracle.ts"
import * as Theory from "../../theory/index.ts"
import { deviation } from "../support/Follow.ts"
import { corrected, printed } from "../support/Paper.ts"
import {
  expand,
  gameFields,
  type RandomGame,
  strategies,
  type StrategyName,
  strategyOf,
} from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"

interface Solved extends RandomGame {
  /** eps and delta as multiples of l D^2 and D, or delta of eps / D with an inexact gradient. */
  readonly gap: number
  readonly delta: number
  readonly strategy: StrategyName
}

const fields = {
  ...gameFields,
  set: Draw.oneOf("ball"),
  min: Draw.integer(1, 3),
  max: Draw.integer(1, 3),
  gap: Draw.logarithmic(1, 0.1),
  delta: Draw.logarithmic(0.3, 1e-2),
  strategy: Draw.oneOf(...strategies),
}
const instances = Draw.record<Solved>(fields)

type Which = "minimax" | "proximalPoint"

/** Two runs from starts within delta of each other. */
const fromStarts = (subject: Subject, which: Which, instance: Solved) => {
  const { D, problem, start, stream } = expand(instance)
  const eps = instance.gap * D * D
  const delta = instance.delta * D
  const [first, second] = ["a", "b"].map((label) => {
    const from = inexactStart(start, delta, stream(label))
    problem.feasible.project(from, 0, from.length)
    return subject[which](problem, from, { gap: eps, distance: D, inexact: "start", delta })
  })
  return { D, eps, delta, first: first!, second: second!, problem }
}

/** Two runs whose oracles err by delta, one against the other. */
const fromGradients = (subject: Subject, which: Which, instance: Solved, deltaOf: number) => {
  const { D, problem, start, stream } = expand(instance)
  const eps = instance.gap * D * D
  const delta = deltaOf * instance.delta * (eps / D)
  const [first, second] = [instance.strategy, "opposed" as const].map((name) =>
    subject[which](inexact(problem, strategyOf(name, { reference: start, stream }), delta), start, {
      gap: eps,
      distance: D,
      inexact: "gradient",
      delta,
    }),
  )
  return { D, eps, delta, first: first!, second: second!, problem }
}

interface Bounds {
  readonly gap: number
  readonly deviation: number
}

const compare = (
  run: ReturnType<typeof fromStarts>,
  bounds: (run: ReturnType<typeof fromStarts>) => Bounds,
): number => {
  const { first, problem, second } = run
  const allowed = bounds(run)
  return Margin.all(
    Margin.atMost(problem.gap!(first.point), allowed.gap, 1e-9),
    Margin.atMost(deviation(first.point, second.point), allowed.deviation + 1e-20, 1e-9),
  )
}

type Asked = Parameters<Subject[Which]>

/** An implementation that is asked something else. */
const misled =
  (which: Which, change: (problem: Asked[0], request: Asked[2]) => readonly [Asked[0], Asked[2]]) =>
  (subject: Subject): Subject => ({
    ...subject,
    [which]: (problem: Asked[0], start: Asked[1], request: Asked[2]) => {
      const [other, asked] = change(problem, request)
      return subject[which](other, start, asked)
    },
  })

/** An implementation that allows itself another gap, and regularises in proportion. */
const gapTimes = (which: Which, factor: number) =>
  misled(which, (problem, request) => [problem, { ...request, gap: factor * request.gap }])

/** An implementation whose steps are those of another smoothness. */
const smoothnessTimes = (which: Which, factor: number) =>
  misled(which, (problem, request) => [
    { ...problem, smoothness: factor * problem.smoothness },
    request,
  ])

export const algorithmTwoOfStart = law<Subject, Solved>({
  id: "reproducible-minimax/algorithm-2-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 2 returns points with a duality gap of at most 2 eps and a squared deviation of at most 4 delta^2.",
  source: printed("Theorem 4.4"),
  instances,
  margin: (subject, instance) =>
    compare(fromStarts(subject, "minimax", instance), ({ delta, eps }) => ({
      gap: Theory.minimaxGapOfStart(eps),
      deviation: Theory.minimaxDeviationOfStart(delta),
    })),
  controls: [
    { name: "a gap forty times as large", subject: gapTimes("minimax", 40) },
    {
      name: "a sixteenth of the deviation",
      margin: (subject, instance) =>
        compare(fromStarts(subject, "minimax", instance), ({ delta, eps }) => ({
          gap: 2 * eps,
          deviation: delta ** 2 / 16,
        })),
    },
  ],
})

/** With errors so small that the bounds leave little room. */
const exactAnswers = Draw.record<Solved>({ ...fields, delta: Draw.logarithmic(1e-3, 1e-4) })

/**
 * The constants are those that a proof with beta = 2 (l + r) gives. The claim says nothing of beta: extragradient ends in such a step
 * itself, and on every instance tried the bounds hold without a correction.
 */
export const algorithmTwoOfGradient = law<Subject, Solved>({
  id: "reproducible-minimax/algorithm-2-inexact-gradient",
  statement:
    "With answers that err by delta, Algorithm 2 returns a gap of at most (58 l D^2 / eps + 4.3) delta D + eps and a squared deviation of at most 36 (9 + 4 sqrt2) D^4 delta^2 / eps^2.",
  source: corrected("Theorem 4.6"),
  instances: Draw.record<Solved>({ ...fields, min: Draw.integer(1, 2), max: Draw.integer(1, 2) }),
  margin: (subject, instance) =>
    compare(fromGradients(subject, "minimax", instance, 1), ({ D, delta, eps }) => ({
      gap: Theory.minimaxGapOfGradient(1, D, eps, delta),
      deviation: Theory.minimaxDeviationOfGradient(D, eps, delta),
    })),
  controls: [
    {
      name: "a gap forty times as large",
      subject: gapTimes("minimax", 40),
      instances: exactAnswers,
    },
    {
      name: "steps for a twentieth of the smoothness",
      subject: smoothnessTimes("minimax", 0.05),
      instances: exactAnswers,
    },
    {
      name: "a thousandth of the deviation",
      margin: (subject, instance) =>
        compare(fromGradients(subject, "minimax", instance, 1), ({ D, delta, eps }) => ({
          gap: Theory.minimaxGapOfGradient(1, D, eps, delta),
          deviation: Theory.minimaxDeviationOfGradient(D, eps, delta) / 1000,
        })),
    },
    {
      name: "a deviation of order delta^2",
      margin: (subject, instance) =>
        compare(fromGradients(subject, "minimax", instance, 1), ({ D, delta, eps }) => ({
          gap: Theory.minimaxGapOfGradient(1, D, eps, delta),
          deviation: delta ** 2 / 4,
        })),
    },
  ],
})

export const algorithmThreeOfStart = law<Subject, Solved>({
  id: "reproducible-minimax/algorithm-3-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 3 with T steps returns a gap of at most l D^2 / T + l delta^2 / (2 T^2) and a squared deviation of at most 9 delta^2.",
  source: printed("Theorem 4.7"),
  instances,
  margin: (subject, instance) =>
    compare(fromStarts(subject, "proximalPoint", instance), ({ D, delta, first }) => ({
      gap: Theory.proximalGapOfStart(1, D, delta, first.steps),
      deviation: Theory.proximalDeviationOfStart(delta),
    })),
  controls: [
    {
      name: "a tenth of the gap",
      margin: (subject, instance) =>
        compare(fromStarts(subject, "proximalPoint", instance), ({ D, delta, first }) => ({
          gap: 0.1 * Theory.proximalGapOfStart(1, D, delta, first.steps),
          deviation: Theory.proximalDeviationOfStart(delta),
        })),
    },
    {
      name: "a sixteenth of delta^2",
      margin: (subject, instance) =>
        compare(fromStarts(subject, "proximalPoint", instance), ({ D, delta, first }) => ({
          gap: Theory.proximalGapOfStart(1, D, delta, first.steps),
          deviation: delta ** 2 / 16,
        })),
    },
  ],
})

/** delta up to eps / (68 D), where half of the gap is kept. */
const ofLimit = 1 / (0.3 * 68)

/** With the constants of beta = 4 l; like Algorithm 2 it needs no correction, for GDA ends in a step of length 1 / (16 l). */
export const algorithmThreeOfGradient = law<Subject, Solved>({
  id: "reproducible-minimax/algorithm-3-inexact-gradient",
  statement:
    "With answers that err by delta, Algorithm 3 returns a gap of at most l D^2 / T + 33.5 delta D and a squared deviation of at most 81 delta^2 T^2 / l^2, and a gap of eps for delta <= eps / (68 D).",
  source: corrected("Theorem 4.8"),
  instances: Draw.record<Solved>({
    ...fields,
    min: Draw.integer(1, 2),
    max: Draw.integer(1, 2),
    gap: Draw.logarithmic(1, 0.2),
  }),
  margin: (subject, instance) =>
    compare(
      fromGradients(subject, "proximalPoint", instance, ofLimit),
      ({ D, delta, eps, first }) => ({
        gap: Math.min(eps, Theory.proximalGapOfGradient(1, D, delta, first.steps)),
        deviation: Theory.proximalDeviationOfGradient(1, delta, first.steps),
      }),
    ),
  controls: [
    { name: "a gap forty times as large", subject: gapTimes("proximalPoint", 40) },
    { name: "steps for a tenth of the smoothness", subject: smoothnessTimes("proximalPoint", 0.1) },
    {
      name: "a tenth of the gap",
      margin: (subject, instance) =>
        compare(
          fromGradients(subject, "proximalPoint", instance, ofLimit),
          ({ D, delta, first }) => ({
            gap: 0.1 * Theory.proximalGapOfGradient(1, D, delta, first.steps),
            deviation: Theory.proximalDeviationOfGradient(1, delta, first.steps),
          }),
        ),
    },
    {
      name: "a deviation of order delta^2",
      margin: (subject, instance) =>
        compare(
          fromGradients(subject, "proximalPoint", instance, ofLimit),
          ({ D, delta, first }) => ({
            gap: Theory.proximalGapOfGradient(1, D, delta, first.steps),
            deviation: delta ** 2 / 4,
          }),
        ),
    },
  ],
})

const stepsMargin =
  (factor: number) =>
  (subject: Subject, instance: Solved): number => {
    const { D, delta, eps, first } = fromStarts(subject, "minimax", instance)
    const accuracy = Theory.minimaxAccuracyOfStart(eps, delta, D)
    const r = Theory.regularisation(eps, D)
    return Margin.atMost(first.steps, 1 + factor * Theory.extragradientSteps(1, r, D, accuracy))
  }

/** M18, second half. */
export const stepsOfAlgorithmTwo = law<Subject, Solved>({
  id: "reproducible-minimax/algorithm-2-steps",
  statement:
    "Algorithm 2 takes at most 1 + 16 ((l + r) / r) ln(15 (l + r) D^2 / eps_r) extragradient steps.",
  source: printed("Theorem 4.4, complexity; the constants derived here"),
  instances,
  margin: stepsMargin(1),
  controls: [{ name: "a hundredth of the steps", margin: stepsMargin(0.01) }],
})

const proximalMargin =
  (factor: number) =>
  (subject: Subject, instance: Solved): number => {
    const { D, problem, start } = expand(instance)
    const steps = Math.ceil(1 / instance.gap)
    const delta = instance.delta * D
    const { point } = subject.proximalPoint(problem, start, {
      gap: instance.gap,
      distance: D,
      inexact: "start",
      delta,
      steps,
    })
    // D^2 for each player
    const bound = Theory.proximalPointGap(
      2 * D * D,
      1,
      steps,
      Theory.proximalAccuracy(1, delta, steps),
    )
    return Margin.atMost(problem.gap!(point), factor * bound, 1e-9)
  }

/** Lemma C.6. */
export const proximalPointGap = law<Subject, Solved>({
  id: "reproducible-minimax/inexact-proximal-point-gap",
  statement:
    "The mean of T proximal point steps of length alpha, each to a VI residual of e, has a duality gap of at most |z_0 - z|^2 / (2 alpha T) + e.",
  source: printed("Lemma C.6"),
  instances,
  margin: proximalMargin(1),
  controls: [{ name: "a tenth of the gap", margin: proximalMargin(0.1) }],
})
