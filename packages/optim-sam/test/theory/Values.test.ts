/** Formulas at numbers whose value is worked out by hand. */
import { assert, it } from "vitest"
import * as Theory from "../../src/theory/Theory.ts"

it.each([
  ["gradientContraction", Theory.gradientContraction(0.1, 1, 15), 0.9, 0],
  ["bounceAmplitude", Theory.bounceAmplitude(0.1, 0.05, 10), 0.05, 5e-6],
  ["usamRadiusThreshold", Theory.usamRadiusThreshold(0.03, 40), 0.01667, 5e-6],
  ["usamEndCurvature", Theory.usamEndCurvature(0.1, 0.05), 12.36, 5e-3],
  ["axisAmplitude", Theory.axisAmplitude(0.1, 0.05, 2), 0.0125, 5e-6],
  ["axisDrift", Theory.axisDrift(0.1, 0.5, 2), 1.922, 5e-4],
  ["axisDriftSteps", Theory.axisDriftSteps(0.1, 0.5, 2, 1), 22.1, 5e-3],
  ["plSam", Theory.plSam(0.1, 0.05, 1, 10).factor, 0.9, 5e-5],
  ["plSam", Theory.plSam(0.1, 0.05, 1, 10).floor, 0.125, 5e-5],
  ["usamPath", Theory.usamPath(0.2, 0.05, 1, 10), 8, 5e-4],
  ["usamPathFromGradient", Theory.usamPathFromGradient(1, 0.125, 1, 4), 8, 5e-4],
  ["stronglyConvexSam", Theory.stronglyConvexSam(0.1, 0.05, 1, 10).factor, 0.9, 5e-5],
  ["stronglyConvexSam", Theory.stronglyConvexSam(0.1, 0.05, 1, 10).floor, 0.125, 5e-5],
  ["samDistance", Theory.samDistance(100, 1, 0.1, 0.05, 1, 10), 0.5, 5e-5],
  ["bounceFloor", Theory.bounceFloor(0.1, 0.05, 10), 0.0125, 5e-6],
  ["radiusForFloor", Theory.radiusForFloor(1e-3, 0.03, 40), 0.004714, 5e-7],
  ["gradientDescentThreshold", Theory.gradientDescentThreshold(40), 0.05, 0],
  ["usamThreshold", Theory.usamThreshold(0.05, 40), 0.01667, 5e-6],
  ["valleyDrift", Theory.valleyDrift(0.1, 0.5, 1, 1), -0.01385, 5e-6],
  ["smoothSamGradient", Theory.smoothSamGradient(1000, 1, 0.1, 0.05, 10), 0.27, 0],
  ["plUsam", Theory.plUsam(0.1, 0.05, 1, 10).factor, 0.925, 5e-5],
  ["plUsam", Theory.plUsam(0.1, 0.05, 1, 10).floor, 0, 0],
] as const)("%s, %d, is %d within %d", (_, value, expected, tolerance) => {
  assert.closeTo(value, expected, tolerance)
})
