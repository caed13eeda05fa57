import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { gradientMethod, momentum, sgd, usam } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { Methods, worstInstance } from "../../src/index.ts"
import { InvalidMethod } from "../../src/method/Failures.ts"
import { everyStep } from "../estimation/support.ts"

const smooth = { class: "smooth-convex", L: 1 }
const strong = { class: "smooth-strongly-convex", L: 1, mu: 0.1 }

describe("the worst function", () => {
  it.each([1, 2, 5, 9])("of gradient descent, run by ours for %i steps", (steps) => {
    const worst = worstInstance(Methods.gradientDescent({ steps, rate: 1, class: smooth }))
    const { objective, starts } = worst
    const method = gradientMethod(sgd({ learningRate: 1 }))
    const state = method.init(objective, starts["x"]!)
    for (let k = 0; k < steps; k++) method.step(state)
    const value = method.step(state)
    assert.approximately(value, 1 / (4 * steps + 2), 1e-6)
    assert.approximately(Vector.norm(starts["x"]!), 1, 1e-6)
  })

  it("of the heavy ball, run by ours", () => {
    const rate = 0.5
    const worst = worstInstance(
      Methods.heavyBall({ steps: 4, rate, momentum: "1/2", class: strong }),
    )
    const method = gradientMethod(momentum({ learningRate: rate, momentum: 0.5 }))
    const state = method.init(worst.objective, worst.starts["x"]!)
    for (let k = 0; k < 4; k++) method.step(state)
    assert.approximately(method.step(state), worst.estimate.bound, 1e-6)
  })

  it("of USAM, run by ours", () => {
    const [rate, radius] = [0.5, 0.25]
    const worst = worstInstance(Methods.usam({ steps: 3, rate, radius, class: strong }))
    const method = usam({ radius, base: sgd({ learningRate: rate }) })
    const state = method.init(worst.objective, worst.starts["x"]!)
    for (let k = 0; k < 3; k++) method.step(state)
    assert.approximately(method.step(state), worst.estimate.bound, 1e-6)
  })

  it("of the subgradient method, run by ours", () => {
    const steps = 4
    const rate = 1 / Math.sqrt(steps + 1)
    const worst = worstInstance(
      Methods.gradientDescent({
        steps,
        rate,
        class: { class: "convex-lipschitz", M: 1 },
        measure: everyStep(steps, (x) => ({ gap: x })),
      }),
    )
    const method = gradientMethod(sgd({ learningRate: rate }))
    const state = method.init(worst.objective, worst.starts["x"]!)
    for (let k = 0; k <= steps; k++) {
      assert.isAtLeast(method.step(state), rate - 1e-5)
    }
  })

  it.each([
    ["convex", smooth, 0],
    ["strongly convex", strong, 0.1],
    ["not convex", { class: "smooth", L: 1 }, -1],
  ] as const)("is smooth and %s between any two points", (_, of, mu) => {
    const { objective } = worstInstance(
      Methods.gradientDescent({
        steps: 3,
        rate: 0.7,
        class: of,
        ...(mu === -1 && { measure: { squaredGradient: "x" } }),
      }),
    )
    const random = RandomStream.make(Seed.root(5))
    const { dimension } = objective
    const sample = () => {
      const point = random.normals(dimension)
      const gradient = new Float64Array(dimension)
      return { point, gradient, value: objective.valueAndGradient(point, gradient) }
    }
    for (let k = 0; k < 100; k++) {
      const [a, b] = [sample(), sample()]
      const dx = a.point.map((x, i) => x - b.point[i]!)
      const dg = a.gradient.map((g, i) => g - b.gradient[i]!)
      // the interpolation condition of the class, which is necessary and sufficient
      const factor = 1 / (2 * (1 - mu))
      const below =
        b.value +
        Vector.dot(b.gradient, dx) +
        factor * (Vector.dot(dg, dg) + mu * Vector.dot(dx, dx) - 2 * mu * Vector.dot(dg, dx))
      assert.isAtLeast(a.value, below - 1e-8)
    }
  })

  it("is refused for operators", () => {
    assert.throws(
      () =>
        worstInstance(
          Methods.extragradient({
            steps: 1,
            rate: "1/2",
            class: { class: "convex-concave", L: 1 },
            measure: { squaredGradient: "x" },
          }),
        ),
      InvalidMethod,
      /for a single function of one of these classes: convex/,
    )
  })
})
