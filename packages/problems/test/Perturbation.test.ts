/** The rules for the perturbed point, alone. */
import { Vector } from "@nonconvex/numerics"
import { scalarFactorisation, sgd } from "../src/index.ts"
import { assert, describe, it } from "vitest"
import * as Perturbation from "../src/Perturbation.ts"
import { asam, pNormSam, sam, unifiedSam, usam } from "../src/index.ts"
import { assertClose, run } from "./support/Runs.ts"

const point = Float64Array.of(0.5, -2, 0.1, 3, -0.7)
const gradient = Float64Array.of(1, -0.25, 3, 0, -2)

const perturbed = (rule: Perturbation.Perturbation, radius = 0.3, step = 0): Float64Array => {
  const out = new Float64Array(point.length)
  rule.perturb(radius, step, point, gradient, out)
  return out
}

const displacement = (rule: Perturbation.Perturbation, radius = 0.3): Float64Array =>
  perturbed(rule, radius).map((w, i) => w - point[i]!)

const norm = (e: Float64Array, p: number): number =>
  p === Number.POSITIVE_INFINITY
    ? Vector.maxAbs(e)
    : e.reduce((sum, x) => sum + Math.abs(x) ** p, 0) ** (1 / p)

describe("formulas", () => {
  it("SAM: rho g / |g|", () => {
    const length = Math.hypot(...gradient)
    assertClose(
      displacement(Perturbation.normalised(0.3)),
      gradient.map((g) => (0.3 * g) / length),
      1e-14,
    )
  })

  it("USAM: rho g", () => {
    assertClose(
      displacement(Perturbation.unnormalised(0.3)),
      gradient.map((g) => 0.3 * g),
      1e-14,
    )
  })

  it.each([0, 0.01])("ASAM with offset %d: rho T^2 g / |T g|", (offset) => {
    const widths = point.map((w) => Math.abs(w) + offset)
    const length = Math.hypot(...gradient.map((g, i) => widths[i]! * g))
    assertClose(
      displacement(Perturbation.adaptive(0.3, offset)),
      gradient.map((g, i) => (0.3 * widths[i]! ** 2 * g) / length),
      1e-14,
    )
  })

  it("the offset of ASAM is 0.01 where it is not given", () => {
    assert.deepStrictEqual(
      perturbed(Perturbation.adaptive(0.3)),
      perturbed(Perturbation.adaptive(0.3, 0.01)),
    )
  })
})

describe("the radius", () => {
  it("is 0.05 where it is not given, 0.5 for ASAM", () => {
    const base = sgd({ learningRate: 0.1 })
    const end = (method: ReturnType<typeof sam>) =>
      run(method, scalarFactorisation(1), [2, 0.3], 3).point
    assert.deepStrictEqual(end(sam({ base })), end(sam({ base, radius: 0.05 })))
    assert.deepStrictEqual(end(usam({ base })), end(usam({ base, radius: 0.05 })))
    assert.deepStrictEqual(
      end(pNormSam({ base, p: 3 })),
      end(pNormSam({ base, p: 3, radius: 0.05 })),
    )
    assert.deepStrictEqual(end(asam({ base })), end(asam({ base, radius: 0.5 })))
    const half = { base, normalisation: 0.5 }
    assert.deepStrictEqual(end(unifiedSam(half)), end(unifiedSam({ ...half, radius: 0.05 })))
  })
})

describe("a share of 0", () => {
  it("is USAM bit for bit, also where the norm of the gradient is not a number of float64", () => {
    const [huge, out, expected] = [
      Float64Array.of(1e308, 1e308, 1e308, 1e308),
      new Float64Array(4),
      new Float64Array(4),
    ]
    for (const g of [Float64Array.of(0.3, -7e-11, 13, 2), huge]) {
      Perturbation.unified(1e-3, 0).perturb(1e-3, 0, new Float64Array(4), g, out)
      Perturbation.unnormalised(1e-3).perturb(1e-3, 0, new Float64Array(4), g, expected)
      assert.deepStrictEqual(out, expected)
    }
  })
})

describe("the p-norm", () => {
  it.each([1.1, 1.5, 2, 3, 10, Number.POSITIVE_INFINITY])(
    "%d: the perturbation has length rho and gains rho |g|_q",
    (p) => {
      const q = p === Number.POSITIVE_INFINITY ? 1 : p / (p - 1)
      const e = displacement(Perturbation.pNorm(0.3, p))
      assert.closeTo(norm(e, p), 0.3, 1e-13)
      assert.closeTo(Vector.dot(e, gradient), 0.3 * norm(gradient, q), 1e-12)
    },
  )

  it("2 is SAM", () => {
    assertClose(
      perturbed(Perturbation.pNorm(0.3, 2)),
      perturbed(Perturbation.normalised(0.3)),
      1e-15,
    )
  })

  it("Infinity is the sign of the gradient, and 0 where that is 0", () => {
    assertClose(
      displacement(Perturbation.pNorm(0.25, Number.POSITIVE_INFINITY), 0.25),
      gradient.map((g) => 0.25 * Math.sign(g)),
      1e-15,
    )
  })

  it("near 1 perturbs the steepest coordinate alone", () => {
    assertClose(displacement(Perturbation.pNorm(0.3, 1.001)), [0, 0, 0.3, 0, 0], 1e-3)
  })
})

describe("the unified family", () => {
  const base = sgd({ learningRate: 0.01 })
  const end = (normalisation: number) =>
    run(unifiedSam({ radius: 0.2, base, normalisation }), scalarFactorisation(1), [3, 0.5], 25)
      .point

  it("at 0 is USAM, bit for bit", () => {
    const method = usam({ radius: 0.2, base })
    assert.deepStrictEqual(end(0), run(method, scalarFactorisation(1), [3, 0.5], 25).point)
  })

  it("at 1 is SAM, bit for bit", () => {
    const method = sam({ radius: 0.2, base })
    assert.deepStrictEqual(end(1), run(method, scalarFactorisation(1), [3, 0.5], 25).point)
  })

  it("follows the schedules of its authors", () => {
    const length = Math.hypot(...gradient)
    const [fading, growing] = [
      Perturbation.unified(0.3, (t) => 1 / (t + 1)),
      Perturbation.unified(0.3, (t) => 1 - 1 / (t + 1)),
    ]
    for (const t of [0, 1, 9]) {
      const expected = (share: number) =>
        point.map((w, i) => w + 0.3 * (1 - share + share / length) * gradient[i]!)
      assertClose(perturbed(fading, 0.3, t), expected(1 / (t + 1)), 1e-14)
      assertClose(perturbed(growing, 0.3, t), expected(1 - 1 / (t + 1)), 1e-14)
    }
  })
})

describe.each([
  Perturbation.normalised(0.3),
  Perturbation.unnormalised(0.3),
  Perturbation.unified(0.3, 0.5),
  Perturbation.adaptive(0.3),
  Perturbation.pNorm(0.3, 3),
  Perturbation.pNorm(0.3, Number.POSITIVE_INFINITY),
])("$name", (rule) => {
  it("may write into the point that it reads", () => {
    const out = point.slice()
    rule.perturb(0.3, 0, out, gradient, out)
    assert.deepStrictEqual(out, perturbed(rule))
  })

  it("leaves the point and the gradient as they were", () => {
    const [pointBefore, gradientBefore] = [point.slice(), gradient.slice()]
    perturbed(rule)
    assert.deepStrictEqual([point, gradient], [pointBefore, gradientBefore])
  })

  it("stays where the gradient is zero", () => {
    const out = new Float64Array(point.length)
    rule.perturb(0.3, 0, point, new Float64Array(point.length), out)
    assert.deepStrictEqual(out, point)
  })

  it("takes its radius from a schedule or a number", () => {
    assert.deepStrictEqual([rule.radius(0), rule.radius(7)], [0.3, 0.3])
  })
})
