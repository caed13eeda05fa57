import { InvalidInput } from "@nonconvex/numerics"
import {
  leastSquares,
  type Objective,
  polyakLojasiewicz,
  quadratic,
  scalarFactorisation,
} from "@nonconvex/problems"
import { assert, describe, expect, it } from "vitest"
import { diagnoseNormalisation } from "../../src/index.ts"

const diagnose = (
  objective: Objective,
  point: ReadonlyArray<number>,
  learningRate: number,
  radius: number,
) =>
  diagnoseNormalisation(objective, Float64Array.from(point), { learningRate, radius, steps: 2000 })

describe("on (xy)^2 / 2", () => {
  it("beside a sharp minimum SAM moves on and USAM is stuck", () => {
    const { sam, topEigenvalue, usam, usamUnstable } = diagnose(
      scalarFactorisation(),
      [1e-3, 3],
      0.1,
      0.1,
    )
    assert.closeTo(topEigenvalue, 9, 1e-4)
    assert.isFalse(usamUnstable)
    assert.strictEqual(sam.outcome, "moving")
    assert.strictEqual(usam.outcome, "stuck")
    assert.isBelow(sam.topEigenvalue, 0.1)
    assert.closeTo(usam.topEigenvalue, 9, 1e-3)
  })

  it("far out USAM diverges, as its linearisation says, and SAM does not", () => {
    const { sam, summary, usam, usamUnstable } = diagnose(
      scalarFactorisation(),
      [10, 15],
      1 / 325,
      0.1,
    )
    assert.isTrue(usamUnstable)
    assert.strictEqual(usam.outcome, "diverged")
    assert.isAtMost(usam.steps, 5)
    assert.strictEqual(sam.outcome, "moving")
    assert.strictEqual(sam.steps, 2000)
    assert.strictEqual(
      summary,
      "From this checkpoint SAM keeps moving and USAM diverges; by the linearisation, USAM is unstable here.",
    )
  })

  it("has no certificate without constants", () => {
    assert.isUndefined(diagnose(scalarFactorisation(), [1e-3, 3], 0.1, 0.1).usamPathBound)
  })
})

describe("under the Polyak-Lojasiewicz inequality", () => {
  const cases: ReadonlyArray<readonly [Objective, ReadonlyArray<number>]> = [
    [polyakLojasiewicz({ dimension: 2 }), [0.1, -0.05]],
    [
      leastSquares({
        features: Float64Array.of(1, 2, 0),
        dimension: 3,
        targets: Float64Array.of(1),
      }),
      [0.5, 0.3, 1],
    ],
  ]

  it.each(cases)("USAM stays within its certificate: $name", (objective, point) => {
    const { sam, usam, usamPathBound } = diagnose(objective, point, 0.1, 0.1)
    assert.isDefined(usamPathBound)
    assert.isAtMost(usam.displacement, usamPathBound)
    assert.strictEqual(usam.outcome, "stuck")
    // an isolated minimum, or a flat set of them: SAM bounces in place
    assert.strictEqual(sam.outcome, "stuck")
  })

  it.each([
    [0.2, 0.1],
    [0.1, 0.2],
  ])("there is no certificate at rate %d and radius %d, out of its range", (rate, radius) => {
    const objective = polyakLojasiewicz({ dimension: 2 })
    assert.isUndefined(diagnose(objective, [0.1, -0.05], rate, radius).usamPathBound)
  })

  it.each(["smoothness", "polyakLojasiewicz"] as const)(
    "there is no certificate from a constant that is an estimate: %s",
    (name) => {
      const wave = polyakLojasiewicz({ dimension: 2 })
      const estimated: Objective = {
        ...wave,
        constants: {
          ...wave.constants,
          [name]: { ...wave.constants[name]!, basis: "estimate" },
        },
      }
      assert.isUndefined(diagnose(estimated, [0.1, -0.05], 0.1, 0.1).usamPathBound)
    },
  )
})

describe("motion", () => {
  it("is a drift of a tenth of a thousandth of a step, seen over twenty", () => {
    const { sam } = diagnoseNormalisation(
      scalarFactorisation(),
      // where SAM bounces at this radius
      Float64Array.of((0.1 * 1e-3) / 1.9, 1),
      { learningRate: 0.1, radius: 1e-3, steps: 40 },
    )
    assert.strictEqual(sam.outcome, "moving")
  })

  it("down an endless slope is no divergence", () => {
    const slope: Objective = {
      name: "slope",
      dimension: 1,
      constants: {},
      valueAndGradient: (x, gradient) => {
        gradient[0] = -1
        return -x[0]!
      },
    }
    const { sam, usam } = diagnose(slope, [0], 1, 0.1)
    assert.deepStrictEqual([sam.outcome, usam.outcome], ["moving", "moving"])
    assert.deepStrictEqual([sam.displacement, usam.displacement], [2000, 2000])
  })
})

describe("a bounce in place", () => {
  it.each([2000, 2001, 2002, 2003])("is no motion, after %i steps", (steps) => {
    const { sam } = diagnoseNormalisation(quadratic({ spectrum: [3, 1] }), Float64Array.of(1, 1), {
      learningRate: 0.1,
      radius: 0.1,
      steps,
    })
    assert.strictEqual(sam.outcome, "stuck")
    assert.isAbove(sam.loss, 0)
  })
})

describe("bad input", () => {
  const objective = quadratic({ spectrum: [1] })
  const options = { learningRate: 0.1, radius: 0.1, steps: 100 }
  const calls: ReadonlyArray<readonly [name: string, call: () => unknown]> = [
    ["a checkpoint of the wrong length", () => diagnose(objective, [1, 2], 0.1, 0.1)],
    ["a negative radius", () => diagnose(objective, [1], 0.1, -0.1)],
    [
      "no steps",
      () => diagnoseNormalisation(objective, Float64Array.of(1), { ...options, steps: 0 }),
    ],
  ]

  it.each(calls)("%s throws InvalidInput", (_, call) => {
    expect(call).toThrow(InvalidInput)
  })
})
