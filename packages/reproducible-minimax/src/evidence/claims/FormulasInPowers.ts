/** The formulas of the theory, term by term: a bound that leaves room hides a slip of the pen from every run. */
import { claim, Draw, Powers } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as LowerBounds from "../../theory/LowerBounds.ts"
import * as Theory from "../../theory/Theory.ts"
import { printed } from "../support/Paper.ts"
import type { Drawn } from "../support/RandomProblem.ts"

const fields = {
  l: Draw.logarithmic(1, 10),
  D: Draw.logarithmic(1, 10),
  L: Draw.logarithmic(1, 10),
  /** Error of the oracle or of the starts. */
  delta: Draw.logarithmic(1, 0.01),
  eps: Draw.logarithmic(1, 0.1),
  /** Strength, and the modulus of strong monotonicity. */
  r: Draw.logarithmic(1, 0.1),
  /** Length of a step, and of a correction. */
  a: Draw.logarithmic(1, 0.1),
  beta: Draw.logarithmic(1, 10),
  distance: Draw.logarithmic(1, 0.01),
  gap: Draw.logarithmic(1, 0.1),
  residual: Draw.logarithmic(1, 0.1),
  width: Draw.logarithmic(1, 0.01),
  dimension: Draw.integer(1, 100),
  T: Draw.integer(1, 5),
  /** Ratio of the initial quantity to the final one. */
  log: Draw.linear(30, -2),
}

type At = Drawn<typeof fields>

const exp = Elementary.exp

/** Every function of the theory, with its terms. */
const formulas: {
  readonly [Name in keyof (typeof Theory & typeof LowerBounds)]: ReadonlyArray<Powers.Formula<At>>
} = {
  gradientDescentGap: [
    [(v) => Theory.gradientDescentGap(v.l, v.D, 2), "1/10 l D^2"],
    [(v) => Theory.gradientDescentGap(v.l, v.D, 3), "1/14 l D^2"],
  ],
  acceleratedGap: [
    [(v) => Theory.acceleratedGap(v.l, v.D, 2), "1/10 l D^2"],
    [(v) => Theory.acceleratedGap(v.l, v.D, 3), "1/15 l D^2"],
  ],
  gradientDescentHuberWidth: [[() => Theory.gradientDescentHuberWidth(2), "1/5"]],
  acceleratedHuberWidth: [[() => Theory.acceleratedHuberWidth(2), "1/5"]],
  distanceFromResidual: [
    [(v) => Theory.distanceFromResidual(v.residual, v.delta, v.r), "residual r^-1 + delta r^-1"],
  ],
  gapFromResidual: [
    [
      (v) => Theory.gapFromResidual(v.residual, v.delta, v.r),
      "1/2 residual^2 r^-1 + residual delta r^-1 + 1/2 delta^2 r^-1",
    ],
  ],
  gapFromMapping: [
    [
      (v) => Theory.gapFromMapping(v.residual, v.r, v.l),
      "1/2 residual^2 r^-1 + -1/2 residual^2 l^-1",
    ],
  ],
  minimisationDeviationOfStart: [
    [(v) => Theory.minimisationDeviationOfStart(v.delta), "4 delta^2"],
  ],
  minimisationGapOfGradient: [
    [
      (v) => Theory.minimisationGapOfGradient(v.eps, v.delta, v.D, v.l),
      "6 2^-1/2 delta^2 D^3 l^1/2 eps^-3/2 + 1/2 eps",
    ],
  ],
  minimisationDeviationOfGradient: [
    [
      (v) => Theory.minimisationDeviationOfGradient(v.delta, v.l, v.r),
      "48 2^-1/2 delta^2 l^1/2 r^-5/2",
    ],
  ],
  inexactAcceleratedGap: [
    [
      ({ delta, distance, gap, l, r: mu }) => {
        const T = 2 * Math.sqrt(l / mu)
        return Theory.inexactAcceleratedGap({ gap, distance }, { delta, l, mu, T })
      },
      "e^-1 gap + 1/4 e^-1 r distance^2 + l^-1/2 r^-1/2 delta^2 + 2 l^1/2 r^-3/2 delta^2",
    ],
  ],
  descentAscentGap: [
    [(v) => Theory.descentAscentGap(v.l, v.D, v.L, v.T), "l D^2 T^-1/2 + 1/2 L^2 l^-1 T^-1/2"],
  ],
  descentAscentExpansion: [[(v) => Theory.descentAscentExpansion(v.a, v.l), "1 + a^2 l^2"]],
  descentAscentDeviationOfStart: [
    [(v) => Theory.descentAscentDeviationOfStart(v.delta), "e delta^2"],
  ],
  descentAscentDeviationOfGradient: [
    [(v) => Theory.descentAscentDeviationOfGradient(v.l, v.delta, v.T), "4/3 e l^-2 delta^2 T"],
  ],
  descentAscentGapOfGradient: [
    [
      (v) => Theory.descentAscentGapOfGradient(v.l, v.D, v.L, v.delta, v.T),
      "l D^2 T^-1/2 + L^2 l^-1 T^-1/2 + delta^2 l^-1 T^-1/2 + 2^1/2 delta D",
    ],
  ],
  extragradientGap: [[(v) => Theory.extragradientGap(v.l, v.D, v.T), "l D^2 T^-1"]],
  extragradientExpansion: [[(v) => Theory.extragradientExpansion(v.L, v.l, v.a), "2 L l^2 a^3"]],
  extragradientDeviationOfStart: [
    [
      (v) => Theory.extragradientDeviationOfStart(v.l, v.L, v.delta, 1),
      "4 delta^2 + 16/3 L^2 l^-2",
      "2 silver^2 delta^2",
    ],
    [
      (v) => Theory.extragradientDeviationOfStart(v.l, v.L, v.delta, 2),
      "4 delta^2 + 64/3 L^2 l^-2",
      "2 silver^4 delta^2",
    ],
  ],
  extragradientGapOfGradient: [
    [
      (v) => Theory.extragradientGapOfGradient(v.l, v.D, v.delta, v.T),
      "l D^2 T^-1 + 3 2^1/2 delta D",
    ],
  ],
  extragradientDeviationOfGradient: [
    [
      (v) => Theory.extragradientDeviationOfGradient(v.l, v.L, v.delta, v.T),
      "128/3 delta^2 T^2 l^-2 + 32/3 L^2 T^2 l^-2 + 8 delta^2 l^-2",
    ],
  ],
  smallStepOfStartBounds: [
    [(v) => Theory.smallStepOfStartBounds(v.a, v.D, v.L, v.delta, v.T).gap, "D^2 a^-1 T^-1"],
    [
      (v) => Theory.smallStepOfStartBounds(v.a, v.D, v.L, v.delta, v.T).deviation,
      "4 L^2 delta^2 + 4 delta^2",
    ],
  ],
  smallStepOfGradientBounds: [
    [
      (v) => Theory.smallStepOfGradientBounds(v.a, v.D, v.L, v.delta, v.T).gap,
      "D^2 a^-1 T^-1 + 3 2^1/2 delta D",
    ],
    [
      (v) => Theory.smallStepOfGradientBounds(v.a, v.D, v.L, v.delta, v.T).deviation,
      "8 L^2 delta^2 a^2 T^2 + 72 delta^2 a^2 T^2",
    ],
  ],
  stochasticGap: [
    [
      (v) => Theory.stochasticGap(v.l, v.D, v.L, v.delta, v.eps),
      "l D^2 eps + 1/2 L^2 l^-1 eps + 1/2 delta^2 l^-1 eps",
    ],
  ],
  stochasticDeviationBound: [
    [
      (v) => Theory.stochasticDeviationBound(v.l, v.delta, v.eps, v.T),
      "2 e l^-2 delta^2 eps^-2 T^-1",
    ],
  ],
  gapSlope: [
    [(v) => Theory.gapSlope(v.L, v.l, v.D, 1), "L + l D"],
    [(v) => Theory.gapSlope(v.L, v.l, v.D, 2), "L + 2^1/2 l D"],
  ],
  regularisation: [[(v) => Theory.regularisation(v.eps, v.D), "eps D^-2"]],
  minimisationAccuracyOfStart: [
    [
      (v) => Theory.minimisationAccuracyOfStart(v.eps, v.delta, v.distance),
      "1/2 eps",
      "1/8 eps delta^2 distance^-2",
    ],
  ],
  minimisationAccuracyOfGradient: [
    [
      (v) => Theory.minimisationAccuracyOfGradient(v.eps, v.delta, v.D, v.l),
      "6 2^-1/2 delta^2 D^3 l^1/2 eps^-3/2",
    ],
  ],
  initialGap: [[(v) => Theory.initialGap(v.l, v.D, v.r), "1/2 l D^2 + r D^2"]],
  // a smoothness of l with the strength
  acceleratedSteps: [
    { count: [(v) => Theory.acceleratedSteps(v.l - v.r, v.r, exp(v.log), 1), "l^1/2 r^-1/2 log"] },
  ],
  inexactAcceleratedSteps: [
    {
      count: [
        ({ delta, l, log, r }) => {
          const accuracy = (delta * delta * Math.sqrt(l / r)) / (Math.SQRT2 * r)
          return Theory.inexactAcceleratedSteps(l, r, accuracy * exp(log), delta)
        },
        "2 2^1/2 l^1/2 r^-1/2 log",
      ],
    },
  ],
  minimaxAccuracyOfStart: [
    [
      (v) => Theory.minimaxAccuracyOfStart(v.eps, v.delta, v.distance),
      "eps",
      "1/8 eps delta^2 distance^-2",
    ],
  ],
  // likewise
  extragradientSteps: [
    {
      count: [
        ({ D, l, log, r }) => Theory.extragradientSteps(l - r, r, D, 15 * l * D * D * exp(-log)),
        "16 l r^-1 log",
      ],
    },
  ],
  inexactExtragradientSteps: [
    {
      count: [
        (v) => Theory.inexactExtragradientSteps(v.l, v.r, v.D, v.r * v.D * exp(-v.log)),
        "32 l r^-1 log",
      ],
    },
  ],
  proximalStepsOfStart: [
    { count: [(v) => Theory.proximalStepsOfStart(v.l, v.D, v.eps), "l D^2 eps^-1"] },
  ],
  proximalStepsOfGradient: [
    { count: [(v) => Theory.proximalStepsOfGradient(v.l, v.D, v.eps), "2 l D^2 eps^-1"] },
  ],
  proximalAccuracy: [[(v) => Theory.proximalAccuracy(v.l, v.delta, v.T), "1/2 delta^2 l T^-2"]],
  proximalInnerSteps: [
    {
      count: [
        ({ D, l, log }) =>
          Theory.proximalInnerSteps(l, D, Math.sqrt(8 / 3) * l * D * exp(-log / 2)),
        "32 log",
      ],
    },
  ],
  correction: [[(v) => Theory.correction(v.l), "2 l"]],
  descentAscentStep: [[(v) => Theory.descentAscentStep(v.l, v.T), "l^-1 T^-1/2"]],
  stochasticStep: [[(v) => Theory.stochasticStep(v.l, v.eps, v.T), "l^-1 eps^-1 T^-1"]],
  smallStepOfStart: [
    [(v) => Theory.smallStepOfStart(v.l, v.delta, 1), "l^-1", "2^-1/3 delta^1/3 l^-2/3"],
    [(v) => Theory.smallStepOfStart(v.r, v.D, v.T), "r^-1", "2^-1/3 D^1/3 r^-2/3 T^-1/3"],
  ],
  smallStepOfGradient: [[(v) => Theory.smallStepOfGradient(v.r, v.D), "r^-1", "2^-1/2 D^1/2 r^-1"]],
  minimaxGapOfStart: [[(v) => Theory.minimaxGapOfStart(v.eps), "2 eps"]],
  minimaxDeviationOfStart: [[(v) => Theory.minimaxDeviationOfStart(v.delta), "4 delta^2"]],
  minimaxGapOfGradient: [
    [
      (v) => Theory.minimaxGapOfGradient(v.l, v.D, v.eps, v.delta),
      "58 l D^3 eps^-1 delta + 4.3 delta D + eps",
    ],
  ],
  minimaxDeviationOfGradient: [
    [
      (v) => Theory.minimaxDeviationOfGradient(v.D, v.eps, v.delta),
      "324 D^4 delta^2 eps^-2 + 144 2^1/2 D^4 delta^2 eps^-2",
    ],
  ],
  proximalGapOfStart: [
    [(v) => Theory.proximalGapOfStart(v.l, v.D, v.delta, v.T), "l D^2 T^-1 + 1/2 l delta^2 T^-2"],
  ],
  proximalDeviationOfStart: [[(v) => Theory.proximalDeviationOfStart(v.delta), "9 delta^2"]],
  proximalGapOfGradient: [
    [
      (v) => Theory.proximalGapOfGradient(v.l, v.D, v.delta, v.T),
      "l D^2 T^-1 + 8 6^1/2 delta D + 7 2^1/2 delta D + 4 delta D",
    ],
  ],
  proximalErrorLimit: [[(v) => Theory.proximalErrorLimit(v.eps, v.D), "1/68 eps D^-1"]],
  proximalDeviationOfGradient: [
    [(v) => Theory.proximalDeviationOfGradient(v.l, v.delta, v.T), "81 delta^2 T^2 l^-2"],
  ],
  proximalPointGap: [
    [(v) => Theory.proximalPointGap(v.distance, v.a, v.T, v.gap), "1/2 distance a^-1 T^-1 + gap"],
  ],
  inexactExtragradient: [
    [
      ({ delta, distance, l, r: mu }) =>
        Theory.inexactExtragradient(distance, { delta, l, mu, T: (8 * l) / mu }),
      "e^-1 distance + 16 delta^2 r^-1 l^-1 + 8 delta^2 r^-2",
    ],
  ],
  inexactDescentAscent: [
    [
      ({ delta, distance, l, r: mu }) =>
        Theory.inexactDescentAscent(distance, { delta, l, mu, T: 8 * Elementary.square(l / mu) }),
      "e^-1 distance + delta^2 l^-2 + 2 delta^2 r^-2",
    ],
  ],
  correctedViResidual: [
    [
      (v) => Theory.correctedViResidual(v.distance, { ...v, mu: v.r }),
      "2 2^1/2 beta D distance + 2 2^1/2 delta D beta^1/2 r^-1/2 + 2 delta D beta^1/2 r^-1/2 + 3 2^1/2 delta D",
    ],
  ],
  correctedDistance: [
    [
      (v) => Theory.correctedDistance(v.distance, { ...v, mu: v.r }),
      "distance + 2^1/2 l beta^-1 distance + delta beta^-1/2 r^-1/2 + 2^1/2 delta beta^-1",
    ],
  ],
  forcedDeviation: [[(v) => Theory.forcedDeviation(v.eps, v.delta, v.D), "delta^2 D^4 eps^-2"]],
  certifiedDeviation: [[(v) => Theory.certifiedDeviation(v.distance, v.delta), "distance + delta"]],
  roundingFailure: [
    [
      (v) => Theory.roundingFailure(v.distance, v.width, v.dimension),
      "1",
      "dimension^1/2 distance width^-1",
    ],
  ],
  // hardnesses above the least that says something, and one below
  minimisationGradientsAtLeast: [
    [({ l }) => LowerBounds.minimisationGradientsAtLeast(2 * (1 + 2 * l) * (1 + 2 * l)), "l"],
    [({ eps }) => 1 + LowerBounds.minimisationGradientsAtLeast(eps), "1"],
  ],
  minimaxGradientsAtLeast: [
    [({ l }) => LowerBounds.minimaxGradientsAtLeast(4 * (1 + l)), "l"],
    [({ eps }) => 1 + LowerBounds.minimaxGradientsAtLeast(eps), "1"],
  ],
  deviationOfGradientAtLeast: [
    [
      ({ D, delta, l }) => LowerBounds.deviationOfGradientAtLeast(2 * (1 + D), delta, l),
      "D^2 delta^2 l^-2",
    ],
    [({ delta, eps, l }) => 1 + LowerBounds.deviationOfGradientAtLeast(eps, delta, l), "1"],
  ],
  deviationOfStartAtLeast: [[({ delta }) => LowerBounds.deviationOfStartAtLeast(delta), "delta^2"]],
  deviationOfNoiseAtLeast: [
    [
      (v) => LowerBounds.deviationOfNoiseAtLeast(v.eps, v.delta, v.D, v.T),
      "1/128 D^4 delta^2 eps^-2 T^-1",
    ],
  ],
  publishedDistance: [
    [
      (v) => Theory.publishedDistance(v.distance, v.width, v.dimension),
      "distance + 1/2 dimension^1/2 width",
    ],
  ],
}

export const formulasInPowers = claim({
  id: "reproducible-minimax/formulas-in-powers",
  statement:
    "Parameters, bounds and counts of steps have the factors and powers that are printed, corrected or derived, term by term: every function of the theory.",
  source: printed("sections 3 to 5 and appendices, beside what is corrected or derived here"),
  instances: Draw.record(fields),
  value: Powers.holds,
  margin: ({ instance: at, value: { change, of } }) => of(...Powers.margins(formulas, at, change)),
  exactly: ({ instance: at, value: { change, exactly } }) =>
    exactly(...Powers.comparisons(formulas, at, change)),
  controls: Powers.controls,
})
