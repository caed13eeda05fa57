/** Formulas at numbers with values worked out by hand. */
import { assert, it } from "vitest"
import * as Theory from "../../src/theory/Theory.ts"

it.each([
  ["traceFromSharpness", Theory.traceFromSharpness(3), 6, 0],
  ["inducedIsotropic", Theory.inducedIsotropic(2, 3, 3, 2), 12, 0],
  // 2 (3 + 1)
  ["schattenPenalty", Theory.schattenPenalty(2, Float64Array.of(3, 1)), 8, 0],
  ["nuclearNormFactor", Theory.nuclearNormFactor(2, 0.8, 1.2), 1.5, 5e-4],
  // of nuclear norms that are equal
  ["interpolantDistance", Theory.interpolantDistance(0.25, 1, 2), 2, 0],
  ["degreesOfFreedom", Theory.degreesOfFreedom(10, 8, 2), 32, 0],
  // (0.1 * 2)^2 / 4
  ["driftPerStep", Theory.driftPerStep({ learningRate: 0.1, noise: 2, batch: 4 }), 0.01, 5e-6],
  ["finiteStepFactor", Theory.finiteStepFactor(0.1, 10), 2, 0],
  ["hiddenCornerFlatness", Theory.hiddenCornerFlatness(1), 2, 0],
  ["gaussianRecovery", Theory.gaussianRecovery(10, 8, 2), 97, 0],
  // 20 / 100 ln(100)^3
  ["populationErrorScale", Theory.populationErrorScale(10, 10, 100, 1), 19.53, 5e-3],
  // 0.1 * 2^2 * 5 / 4
  ["noiseFloor", Theory.noiseFloor({ learningRate: 0.1, noise: 2, batch: 4 }, 5), 0.5, 5e-5],
] as const)("%s, %d, is %d within %d", (_, value, expected, tolerance) => {
  assert.closeTo(value, expected, tolerance)
})
