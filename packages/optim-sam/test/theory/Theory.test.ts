/** Known values and identities; that the formulas are true of the methods is what the claims say. */
import { assert, describe, it } from "vitest"
import * as Theory from "../../src/theory/Theory.ts"

const assertNear = (actual: number, expected: number, relative = 1e-12) =>
  assert.closeTo(actual, expected, relative * Math.abs(expected))

describe("known values", () => {
  it("the floor of Theorem 1 at eta = 1.5 and rho = 0.1 is 0.015, where SAM ends at 0.045", () => {
    assertNear(Theory.stronglyConvexSam(1.5, 0.1, 1, 1).floor, 0.015)
    assertNear(Theory.bounceAmplitude(1.5, 0.1, 1), 0.3)
    assertNear(Theory.bounceFloor(1.5, 0.1, 1), 0.045)
  })

  it("the drift from y = 8.3195 to 2 takes 43,158.35 steps", () => {
    assertNear(Theory.axisDriftSteps(1 / 325, 0.1, 8.3195, 2), 43_158.35, 1e-5)
  })

  it.each([
    [0.1, 0.01, 17.082],
    [0.1, 0.1, 10],
    [0.01, 0.01, 100],
    [0.01, 0.1, 40],
    [0.001, 0.01, 400],
    [0.001, 0.1, 136.5097],
  ])("USAM at eta = %d and rho = %d ends at y^2 = %d", (eta, rho, expected) => {
    assertNear(Theory.usamEndCurvature(eta, rho), expected, 1e-5)
  })
})

describe("identities", () => {
  const [eta, rho, lambda] = [0.3, 0.2, 4] as const

  it("radiusForFloor inverts bounceFloor", () => {
    assertNear(Theory.radiusForFloor(Theory.bounceFloor(eta, rho, lambda), eta, lambda), rho)
  })

  it("the two thresholds of USAM are one curve", () => {
    const threshold = Theory.usamThreshold(rho, lambda)
    assertNear(Theory.usamRadiusThreshold(threshold, lambda), rho)
    assertNear(Theory.usamThreshold(0, lambda), Theory.gradientDescentThreshold(lambda))
  })

  it("USAM ends on l(xy) where it is just stable", () => {
    assertNear(Theory.usamThreshold(rho, Theory.usamEndCurvature(eta, rho)), eta)
    assertNear(Theory.usamEndCurvature(eta, 0), Theory.usamEndCurvature(eta, 1e-9), 1e-7)
    for (const tiny of [1e-16, 1e-18, 1e-300]) {
      assertNear(Theory.usamEndCurvature(eta, tiny), 2 / eta, 1e-12)
    }
  })

  it("the distance bound starts at the distance and ends at the bounce, in one dimension", () => {
    assertNear(Theory.samDistance(0, 3, eta, rho, lambda, lambda), 3)
    assertNear(
      Theory.samDistance(1e4, 3, eta, rho, lambda, lambda),
      Theory.bounceAmplitude(eta, rho, lambda),
    )
  })

  it("the distance bound at the edge, where q = 1, grows by eta beta rho a step", () => {
    assertNear(Theory.samDistance(10, 3, 0.5, rho, 4, 4), 3 + 10 * 0.5 * 4 * rho)
  })

  it("the drift on the axis is the drift in the valley a(x) = x^2", () => {
    const y = 1.5
    assertNear(Theory.axisDrift(eta, rho, y) - y, Theory.valleyDrift(eta, rho, y * y, 2 * y))
  })

  it("without a radius nothing has a floor, a bounce or a drift", () => {
    assert.deepStrictEqual(
      [
        Theory.stronglyConvexSam(eta, 0, 1, lambda).floor,
        Theory.plSam(eta, 0, 1, lambda).floor,
        Theory.bounceFloor(eta, 0, lambda),
        Theory.axisDrift(eta, 0, 2),
        Math.abs(Theory.valleyDrift(eta, 0, 2, 1)),
      ],
      [0, 0, 0, 2, 0],
    )
  })
})
