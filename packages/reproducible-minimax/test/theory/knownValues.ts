/**
 * Values of the theory and of refusals, each worked out in 30 digits from the formula in the paper or, where it is ours, from its derivation: another program and no line of
 * `src`. Tests and `npm run mutants` compare. Smoothness 3, diameter 2, error 0.1, gap 0.5, strength 0.2 and 7 steps where nothing else is needed.
 */
import { quadratic } from "@nonconvex/problems"
import { regularisedMinimisation } from "../../src/algorithms/RegularisedMinimisation.ts"
import { requireRequest } from "../../src/algorithms/Solution.ts"
import { minimisation } from "../../src/problem/Problem.ts"
import * as LowerBounds from "../../src/theory/LowerBounds.ts"
import * as Theory from "../../src/theory/Theory.ts"

const problem = minimisation(quadratic({ spectrum: [3, 1] }))
const request = { gap: 0.5, distance: 2, delta: 0.1 }

/** Numbers of what a refusal throws; none where nothing is refused. */
const refusalOf = (run: () => unknown): Readonly<Record<string, number>> => {
  try {
    run()
    return {}
  } catch (error) {
    const { noise, numbers } = error as { noise?: number; numbers?: Record<string, number> }
    return { ...numbers, ...(noise === undefined ? {} : { noise }) }
  }
}

const noiseOf = (inexact: "gradient" | "start"): number =>
  refusalOf(() => requireRequest("any", problem, { ...request, delta: 1e-30, inexact })).noise ??
  Number.NaN

/** Numbers with which Algorithm 2 refuses a gap, or so many coordinates of a second player. */
const refusedNumber = (name: string, gap: number, second: number): number =>
  refusalOf(() =>
    regularisedMinimisation({ ...problem, dimensions: [2, second] }, new Float64Array(2 + second), {
      ...request,
      gap,
      inexact: "gradient",
    }),
  )[name] ?? Number.NaN

export const knownValues = (): ReadonlyArray<
  readonly [what: string, actual: number, expected: number]
> => [
  ["GD, l D^2 / (4 n + 2)", Theory.gradientDescentGap(3, 2, 7), 0.4],
  ["AGD, 2 l D^2 / (n^2 + 5 n + 6)", Theory.acceleratedGap(3, 2, 7), 0.2666666666666667],
  ["Huber, 1 / (2 n + 1)", Theory.gradientDescentHuberWidth(7), 0.06666666666666667],
  ["Huber, 4 / (n^2 + 5 n + 6)", Theory.acceleratedHuberWidth(7), 0.04444444444444444],
  ["residual to distance", Theory.distanceFromResidual(0.7, 0.1, 0.2), 4.0],
  ["residual to gap", Theory.gapFromResidual(0.7, 0.1, 0.2), 1.6],
  ["mapping to gap, section 2.2", Theory.gapFromMapping(0.7, 0.2, 3), 1.143333333333333],
  ["Theorem 3.3, deviation", Theory.minimisationDeviationOfStart(0.1), 0.04],
  ["Theorem 3.5, gap", Theory.minimisationGapOfGradient(0.5, 0.1, 2, 3), 1.912768775266122],
  [
    "Theorem 3.5, deviation",
    Theory.minimisationDeviationOfGradient(0.1, 3, 0.2),
    32.86335345030997,
  ],
  [
    "Proposition 3.4",
    Theory.inexactAcceleratedGap({ gap: 0.7, distance: 2 }, { l: 3, mu: 0.2, delta: 0.1, T: 7 }),
    0.7647710141399388,
  ],
  ["Lemma B.4", Theory.descentAscentGap(3, 2, 5, 7), 6.110425646982507],
  ["Lemma B.5", Theory.descentAscentExpansion(0.25, 3), 1.5625],
  ["B.6, deviation", Theory.descentAscentDeviationOfStart(0.1), 0.02718281828459045],
  ["B.7, deviation", Theory.descentAscentDeviationOfGradient(3, 0.1, 7), 0.02818958933216788],
  ["B.7, gap", Theory.descentAscentGapOfGradient(3, 2, 5, 0.1, 7), 7.969380211905603],
  ["Lemma B.8", Theory.extragradientGap(3, 2, 7), 1.714285714285714],
  ["Lemma B.9", Theory.extragradientExpansion(5, 3, 0.25), 1.40625],
  ["B.10, the first bound", Theory.extragradientDeviationOfStart(3, 5, 0.1, 7), 725.9659259259259],
  [
    "B.10, the second bound",
    Theory.extragradientDeviationOfStart(3, 5, 0.1, 2),
    0.6794112549695428,
  ],
  ["B.11, gap", Theory.extragradientGapOfGradient(3, 2, 0.1, 7), 2.562813851709571],
  ["B.11, deviation", Theory.extragradientDeviationOfGradient(3, 5, 0.1, 7), 1454.183703703704],
  ["B.12, gap", Theory.smallStepOfStartBounds(0.25, 2, 5, 0.1, 7).gap, 2.285714285714286],
  ["B.12, deviation", Theory.smallStepOfStartBounds(0.25, 2, 5, 0.1, 7).deviation, 1.04],
  ["B.13, gap", Theory.smallStepOfGradientBounds(0.25, 2, 5, 0.1, 7).gap, 3.134242423138143],
  ["B.13, deviation", Theory.smallStepOfGradientBounds(0.25, 2, 5, 0.1, 7).deviation, 8.33],
  ["Theorem 5.1, weak gap", Theory.stochasticGap(3, 2, 5, 0.1, 0.5), 8.084166666666667],
  ["Theorem 5.1, deviation", Theory.stochasticDeviationBound(3, 0.1, 0.5, 7), 0.003451786448836883],
  ["slope of the gap, one player", Theory.gapSlope(5, 3, 2, 1), 11],
  ["slope of the gap, two players", Theory.gapSlope(5, 3, 2, 2), 13.48528137423857],
  ["r of Algorithms 1 and 2", Theory.regularisation(0.5, 2), 0.125],
  [
    "accuracy of Algorithm 1, inexact start",
    Theory.minimisationAccuracyOfStart(0.5, 0.1, 2),
    0.00015625,
  ],
  ["the same, from afar", Theory.minimisationAccuracyOfStart(0.5, 9, 2), 0.25],
  [
    "accuracy of Algorithm 1, inexact gradient",
    Theory.minimisationAccuracyOfGradient(0.5, 0.1, 2, 3),
    1.662768775266122,
  ],
  ["initial gap, (l / 2 + r) D^2", Theory.initialGap(3, 2, 0.2), 6.8],
  ["steps of AGD", Theory.acceleratedSteps(3, 0.2, 90, 0.001), 46],
  ["steps of Inexact-AGD", Theory.inexactAcceleratedSteps(3, 0.2, 90, 0.1), 72],
  [
    "accuracy of Algorithm 2, inexact start",
    Theory.minimaxAccuracyOfStart(0.5, 0.1, 2),
    0.00015625,
  ],
  ["the same, from afar", Theory.minimaxAccuracyOfStart(0.5, 9, 2), 0.5],
  ["steps of EG", Theory.extragradientSteps(3, 0.2, 2, 0.001), 3115],
  [
    "steps of Algorithm 2, inexact gradient",
    Theory.inexactExtragradientSteps(3, 0.2, 2, 0.001),
    2876,
  ],
  ["outer steps of Algorithm 3, inexact start", Theory.proximalStepsOfStart(3, 2, 0.0007), 17143],
  [
    "outer steps of Algorithm 3, inexact gradient",
    Theory.proximalStepsOfGradient(3, 2, 0.0007),
    34286,
  ],
  [
    "accuracy of Algorithm 3, inexact start",
    Theory.proximalAccuracy(3, 0.1, 7),
    0.0003061224489795918,
  ],
  ["inner steps of Algorithm 3", Theory.proximalInnerSteps(3, 2, 0.1), 294],
  ["no fewer than one step", Theory.acceleratedSteps(3, 0.2, 1, 1), 1],
  ["beta of Lemma C.5", Theory.correction(3), 6],
  ["step of GDA", Theory.descentAscentStep(3, 7), 0.1259881576697424],
  ["step of SGDA", Theory.stochasticStep(3, 0.5, 7), 0.09523809523809524],
  ["B.12, step", Theory.smallStepOfStart(3, 0.1, 7), 0.09258553738130404],
  ["B.12, largest step", Theory.smallStepOfStart(3, 90, 7), 0.3333333333333333],
  ["B.13, step", Theory.smallStepOfGradient(3, 0.1), 0.07453559924999299],
  ["B.13, largest step", Theory.smallStepOfGradient(3, 90), 0.3333333333333333],
  ["Theorem 4.4, gap", Theory.minimaxGapOfStart(0.5), 1],
  ["Theorem 4.4, deviation", Theory.minimaxDeviationOfStart(0.1), 0.04],
  ["Theorem 4.6, gap, corrected", Theory.minimaxGapOfGradient(3, 2, 0.5, 0.1), 279.76],
  ["Theorem 4.6, deviation", Theory.minimaxDeviationOfGradient(2, 0.5, 0.1), 337.6939219083044],
  ["Theorem 4.7, gap", Theory.proximalGapOfStart(3, 2, 0.1, 7), 1.714591836734694],
  ["Theorem 4.7, deviation", Theory.proximalDeviationOfStart(0.1), 0.09],
  ["Theorem 4.8, gap, corrected", Theory.proximalGapOfGradient(3, 2, 0.1, 7), 8.413368290061132],
  [
    "Theorem 4.8, largest error, corrected",
    Theory.proximalErrorLimit(0.5, 2),
    0.003676470588235294,
  ],
  ["Theorem 4.8, deviation", Theory.proximalDeviationOfGradient(3, 0.1, 7), 4.41],
  ["Lemma C.6", Theory.proximalPointGap(0.3, 0.25, 7, 0.7), 0.7857142857142857],
  [
    "Lemma 4.5",
    Theory.inexactExtragradient(0.3, { l: 3, mu: 0.2, delta: 0.1, T: 70 }),
    2.434077210397681,
  ],
  [
    "Lemma C.3",
    Theory.inexactDescentAscent(0.3, { l: 3, mu: 0.2, delta: 0.1, T: 700 }),
    0.7044539845127462,
  ],
  [
    "Lemma C.5, residual",
    Theory.correctedViResidual(0.3, { beta: 4.5, D: 2, delta: 0.1, mu: 0.2 }),
    13.06592954333935,
  ],
  [
    "Lemma C.5, distance",
    Theory.correctedDistance(0.3, { beta: 4.5, l: 3, mu: 0.2, delta: 0.1 }),
    0.7196789358663004,
  ],
  ["section 3.1, (delta D^2 / eps)^2", Theory.forcedDeviation(0.5, 0.1, 2), 0.64],
  ["two certified runs", Theory.certifiedDeviation(0.3, 0.7), 1],
  ["dithered rounding", Theory.roundingFailure(0.3, 5, 7), 0.1587450786638754],
  ["dithered rounding on a fine grid", Theory.roundingFailure(0.3, 0.1, 7), 1],
  ["a rounded answer", Theory.publishedDistance(0.3, 5, 7), 6.914378277661476],
  ["gradients of any method", LowerBounds.minimisationGradientsAtLeast(90), 2.854101966249685],
  ["the same, from a good start", LowerBounds.minimisationGradientsAtLeast(1), 0],
  ["evaluations of any method for games", LowerBounds.minimaxGradientsAtLeast(90), 21.5],
  ["the same, from a good start", LowerBounds.minimaxGradientsAtLeast(3), 0],
  [
    "deviation of any method, inexact gradient",
    LowerBounds.deviationOfGradientAtLeast(90, 0.1, 3),
    2.151111111111111,
  ],
  ["the same, from a good start", LowerBounds.deviationOfGradientAtLeast(1, 0.1, 3), 0],
  ["deviation of any method, inexact start", LowerBounds.deviationOfStartAtLeast(0.1), 0.01],
  [
    "deviation of any method, noise",
    LowerBounds.deviationOfNoiseAtLeast(0.5, 0.1, 2, 7),
    0.0007142857142857143,
  ],
  ["noise of float64 in a gradient, 2^-53 l D sqrt(d)", noiseOf("gradient"), 9.42055475210265e-16],
  ["noise of float64 in a start, 2^-53 D", noiseOf("start"), 2.220446049250313e-16],
  ["the largest gap of Algorithm 2, l D^2", refusedNumber("l D^2", 12.5, 0), 12],
  ["a second player, whom Algorithm 2 refuses", refusedNumber("max", 0.5, 3), 3],
]
