/** Formulas at numbers whose value is worked out by hand. */
import { assert, it } from "vitest"
import * as Theory from "../../src/theory/Theory.ts"

it.each([
  ["gradientDescentHuberWidth", Theory.gradientDescentHuberWidth(2), 0.2, 0],
  ["acceleratedHuberWidth", Theory.acceleratedHuberWidth(1), 0.3333, 5e-5],
  ["distanceFromResidual", Theory.distanceFromResidual(0.1, 0, 0.5), 0.2, 0],
  ["gapFromResidual", Theory.gapFromResidual(0.1, 0, 0.5), 0.01, 5e-6],
  // 1 / 2 - 1 / 4
  ["gapFromMapping", Theory.gapFromMapping(1, 1, 2), 0.25, 0],
  ["minimisationDeviationOfStart", Theory.minimisationDeviationOfStart(0.1), 0.04, 5e-6],
  // 6 sqrt(16 / (2 * 8)) + 2 / 2
  ["minimisationGapOfGradient", Theory.minimisationGapOfGradient(2, 1, 1, 16), 7, 5e-4],
  // 48 * 0.01 sqrt(2 / 2)
  [
    "minimisationDeviationOfGradient",
    Theory.minimisationDeviationOfGradient(0.1, 2, 1),
    0.48,
    5e-5,
  ],
  // 2 / e + 3 * 0.01
  [
    "inexactAcceleratedGap",
    Theory.inexactAcceleratedGap({ gap: 1, distance: 2 }, { l: 1, mu: 1, delta: 0.1, T: 2 }),
    0.7658,
    5e-5,
  ],
  // 2.01 / 10 + 0.1 sqrt 2
  [
    "descentAscentGapOfGradient",
    Theory.descentAscentGapOfGradient(1, 1, 1, 0.1, 100),
    0.3424,
    5e-5,
  ],
  ["extragradientExpansion", Theory.extragradientExpansion(1, 1, 0.5), 0.25, 0],
  // 1 / 100 + 0.3 sqrt 2
  ["extragradientGapOfGradient", Theory.extragradientGapOfGradient(1, 1, 0.1, 100), 0.4343, 5e-5],
  // (128 / 4 + 32) * 9 / 12 + 8 / 16
  [
    "extragradientDeviationOfGradient",
    Theory.extragradientDeviationOfGradient(2, 1, 0.5, 3),
    48.5,
    5e-3,
  ],
  ["smallStepOfStartBounds", Theory.smallStepOfStartBounds(0.1, 1, 1, 0.5, 100).gap, 0.1, 0],
  ["smallStepOfStartBounds", Theory.smallStepOfStartBounds(0.1, 1, 1, 0.5, 100).deviation, 2, 0],
  // 1 / 10 + 1.5 sqrt 2
  [
    "smallStepOfGradientBounds",
    Theory.smallStepOfGradientBounds(0.1, 1, 1, 0.5, 100).gap,
    2.221,
    5e-4,
  ],
  // 8 * 10 / 4 * 10^2
  [
    "smallStepOfGradientBounds",
    Theory.smallStepOfGradientBounds(0.1, 1, 1, 0.5, 100).deviation,
    2000,
    5e-2,
  ],
  // (1 + 2 / 2) / 10
  ["stochasticGap", Theory.stochasticGap(1, 1, 1, 1, 0.1), 0.2, 0],
  // 2 e / 100
  ["stochasticDeviationBound", Theory.stochasticDeviationBound(1, 0.1, 0.1, 100), 0.05437, 5e-6],
  // 1 + sqrt 2 * 2 * 3
  ["gapSlope", Theory.gapSlope(1, 2, 3, 2), 9.485, 5e-4],
  ["regularisation", Theory.regularisation(0.1, 2), 0.025, 0],
  // 0.1 / 2 * 1 / 4
  ["minimisationAccuracyOfStart", Theory.minimisationAccuracyOfStart(0.1, 1, 1), 0.0125, 5e-6],
  // 6 sqrt(16 / (2 * 8))
  ["minimisationAccuracyOfGradient", Theory.minimisationAccuracyOfGradient(2, 1, 1, 16), 6, 5e-4],
  ["initialGap", Theory.initialGap(1, 2, 0.5), 4, 0],
  // 2 ln 100 is 9.2
  ["acceleratedSteps", Theory.acceleratedSteps(3, 1, 1, 0.01), 10, 0],
  // 4 ln 100 is 18.4
  ["inexactAcceleratedSteps", Theory.inexactAcceleratedSteps(2, 1, 1, 0.1), 19, 0],
  // 0.1 * 4 / 8
  ["minimaxAccuracyOfStart", Theory.minimaxAccuracyOfStart(0.1, 2, 1), 0.05, 5e-6],
  // 32 ln 3000 is 256.2
  ["extragradientSteps", Theory.extragradientSteps(1, 1, 1, 0.01), 257, 0],
  // 32 ln 10 is 73.7
  ["inexactExtragradientSteps", Theory.inexactExtragradientSteps(1, 1, 1, 0.1), 74, 0],
  ["proximalStepsOfStart", Theory.proximalStepsOfStart(1, 1, 0.1), 10, 0],
  ["proximalStepsOfGradient", Theory.proximalStepsOfGradient(1, 1, 0.1), 20, 0],
  // 2 / (2 * 10^2)
  ["proximalAccuracy", Theory.proximalAccuracy(2, 1, 10), 0.01, 0],
  // 32 ln(8 / 3) is 31.4
  ["proximalInnerSteps", Theory.proximalInnerSteps(1, 1, 1), 32, 0],
  ["correction", Theory.correction(3), 6, 0],
  ["descentAscentStep", Theory.descentAscentStep(2, 100), 0.05, 0],
  ["stochasticStep", Theory.stochasticStep(1, 0.1, 100), 0.1, 0],
  // the cube root of 0.008
  ["smallStepOfStart", Theory.smallStepOfStart(1, 0.016, 1), 0.2, 5e-5],
  // sqrt 0.01
  ["smallStepOfGradient", Theory.smallStepOfGradient(1, 0.02), 0.1, 5e-5],
  ["minimaxGapOfStart", Theory.minimaxGapOfStart(0.1), 0.2, 0],
  ["minimaxDeviationOfStart", Theory.minimaxDeviationOfStart(0.1), 0.04, 5e-6],
  // 62.3 * 0.01 + 1
  ["minimaxGapOfGradient", Theory.minimaxGapOfGradient(1, 1, 1, 0.01), 1.623, 5e-4],
  // 36 (9 + 4 sqrt 2) * 0.01
  ["minimaxDeviationOfGradient", Theory.minimaxDeviationOfGradient(1, 1, 0.1), 5.276, 5e-4],
  // 1 / 10 + 1 / 200
  ["proximalGapOfStart", Theory.proximalGapOfStart(1, 1, 1, 10), 0.105, 5e-5],
  ["proximalDeviationOfStart", Theory.proximalDeviationOfStart(0.1), 0.09, 5e-6],
  // 1 / 10 + 33.5 * 0.01
  ["proximalGapOfGradient", Theory.proximalGapOfGradient(1, 1, 0.01, 10), 0.435, 5e-4],
  ["proximalErrorLimit", Theory.proximalErrorLimit(6.8, 1), 0.1, 5e-5],
  // 81 * 0.01 * 100
  ["proximalDeviationOfGradient", Theory.proximalDeviationOfGradient(1, 0.1, 10), 81, 5e-3],
  // 1 / (2 * 0.5 * 10) + 0.01
  ["proximalPointGap", Theory.proximalPointGap(1, 0.5, 10, 0.01), 0.11, 5e-5],
  // 1 / e + 0.08 (2 + 1)
  [
    "inexactExtragradient",
    Theory.inexactExtragradient(1, { l: 1, mu: 1, delta: 0.1, T: 8 }),
    0.6079,
    5e-5,
  ],
  // 1 / e + 3 * 0.01
  [
    "inexactDescentAscent",
    Theory.inexactDescentAscent(1, { l: 1, mu: 1, delta: 0.1, T: 8 }),
    0.3979,
    5e-5,
  ],
  // 0.1 sqrt 2 (2 (2 + sqrt 2) + 3), of a point that is the solution
  [
    "correctedViResidual",
    Theory.correctedViResidual(0, { beta: 4, D: 1, delta: 0.1, mu: 1 }),
    1.39,
    5e-4,
  ],
  // 1 + sqrt 2 / 2, with an exact gradient
  [
    "correctedDistance",
    Theory.correctedDistance(1, { beta: 4, l: 2, mu: 1, delta: 0 }),
    1.7071,
    5e-5,
  ],
  ["forcedDeviation", Theory.forcedDeviation(0.1, 0.01, 1), 0.01, 5e-6],
  ["certifiedDeviation", Theory.certifiedDeviation(0.25, 0.5), 0.75, 0],
  ["publishedDistance", Theory.publishedDistance(1e-6, 1e-3, 4), 0.001001, 5e-7],
] as const)("%s, %d, is %d within %d", (_, value, expected, tolerance) => {
  assert.closeTo(value, expected, tolerance)
})
