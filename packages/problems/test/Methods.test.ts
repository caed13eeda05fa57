import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import {
  adamW,
  gradientMethod,
  type Method,
  momentum,
  nesterov,
  type Objective,
  quadratic,
  scalarFactorisation,
  sgd,
  withClipping,
  withWeightDecay,
} from "../src/index.ts"
import * as Minibatch from "../src/Minibatch.ts"
import * as Schedule from "../src/Schedule.ts"
import { points, type Problem, problems } from "./support/Problems.ts"
import { gradientOf, valueOf } from "./support/Slopes.ts"

/** Every base method at a rate that a problem of smoothness beta allows. */
const methods: ReadonlyArray<{ title: string; make: (beta: number) => Method }> = [
  { title: "gradient descent", make: (beta) => gradientMethod(sgd({ learningRate: 1 / beta })) },
  {
    title: "momentum",
    make: (beta) => gradientMethod(momentum({ learningRate: 1 / beta, momentum: 0.5 })),
  },
  {
    title: "nesterov",
    make: (beta) => gradientMethod(nesterov({ learningRate: 1 / beta, momentum: 0.9 })),
  },
  {
    title: "adamW on a cosine",
    make: () => gradientMethod(adamW({ learningRate: Schedule.cosine(0.05, 400) })),
  },
  {
    title: "clipped gradient descent",
    make: (beta) => gradientMethod(withClipping(sgd({ learningRate: 1 / beta }), { maxNorm: 1 })),
  },
  {
    title: "gradient descent with weight decay",
    make: (beta) =>
      gradientMethod(withWeightDecay(sgd({ learningRate: 1 / beta }), { rate: 1e-3 * beta })),
  },
]

const run = (method: Method, objective: Objective, start: Float64Array, steps: number) => {
  const state = method.init(objective, start)
  for (let step = 0; step < steps; step++) method.step(state)
  return state
}

const convex = problems.filter((problem: Problem) => problem.convex)

describe.each(methods)("$title", ({ make }) => {
  it.each(convex)("descends on $title", ({ objective }) => {
    const method = make(objective.constants.smoothness?.value ?? 20)
    const start = points(objective.dimension, 1, 1, "start")[0]!
    const state = run(method, objective, start, 400)
    const before = valueOf(objective, start)
    const least = objective.constants.minimum?.value ?? 0
    assert.strictEqual(state.status, "running")
    assert.isBelow(valueOf(objective, state.point), before - 0.1 * (before - least))
  })
})

describe("gradient descent at 1 / beta", () => {
  const withPl = problems.filter(
    ({ objective: { constants } }) =>
      constants.polyakLojasiewicz !== undefined &&
      constants.smoothness !== undefined &&
      constants.minimum?.basis === "exact",
  )

  it.each(withPl)("contracts the excess by 1 - mu / beta on $title", ({ objective }) => {
    const { minimum, polyakLojasiewicz, smoothness } = objective.constants
    const rate = 1 - polyakLojasiewicz!.value / smoothness!.value
    const method = gradientMethod(sgd({ learningRate: 1 / smoothness!.value }))
    const state = method.init(objective, points(objective.dimension, 1, 2, "pl")[0]!)
    let excess = method.step(state) - minimum!.value
    // down to where rounding of the value takes over
    for (let step = 0; step < 100 && excess > 1e-12; step++) {
      const next = method.step(state) - minimum!.value
      assert.isAtMost(next, rate * excess + 1e-13)
      excess = next
    }
  })

  it.each(problems.filter(({ objective }) => objective.constants.smoothness !== undefined))(
    "lowers the value by |g|^2 / 2 beta at least on $title",
    ({ objective }) => {
      const beta = objective.constants.smoothness!.value
      const method = gradientMethod(sgd({ learningRate: 1 / beta }))
      for (const start of points(objective.dimension, 5, 2, "descent lemma")) {
        const before = valueOf(objective, start)
        const after = valueOf(objective, run(method, objective, start, 1).point)
        const gain = Vector.norm(gradientOf(objective, start)) ** 2 / (2 * beta)
        assert.isAtMost(after, before - gain + 1e-12 * Math.max(1, Math.abs(before)))
      }
    },
  )
})

describe("the state of a method", () => {
  const bowl = quadratic({ spectrum: [1, 2] })
  const start = Float64Array.of(1, 2)

  it("has its own copy of the start", () => {
    const from = start.slice()
    const state = run(gradientMethod(sgd({ learningRate: 0.1 })), bowl, from, 3)
    assert.deepStrictEqual(from, start)
    assert.strictEqual(state.steps, 3)
  })

  it("a step returns the loss before it", () => {
    const method = gradientMethod(sgd({ learningRate: 0.5 }))
    const state = method.init(bowl, start)
    assert.strictEqual(method.step(state), 4.5)
    assert.strictEqual(method.step(state), 0.125)
  })

  it("keeps the point where the loss or the gradient is not finite, and counts no step", () => {
    const method = gradientMethod(momentum({ learningRate: 1 }))
    const far = Float64Array.of(1e120, 1e120)
    const state = method.init(scalarFactorisation(), far)
    assert.strictEqual(method.step(state), Infinity)
    assert.strictEqual(state.status, "diverged")
    assert.strictEqual(state.steps, 0)
    assert.deepStrictEqual(state.point, far)
  })

  it("two states of one method do not share anything", () => {
    const method = gradientMethod(momentum({ learningRate: 0.1 }))
    const one = method.init(bowl, start)
    const other = method.init(bowl, start)
    for (let step = 0; step < 5; step++) method.step(one)
    for (let step = 0; step < 5; step++) method.step(other)
    assert.deepStrictEqual(one.point, other.point)
  })

  it("takes an objective of a dimension and a gradient, and nothing else", () => {
    const line: Objective = {
      dimension: 1,
      valueAndGradient: (x, gradient) => {
        gradient[0] = x[0]!
        return 0.5 * x[0]! * x[0]!
      },
    }
    const method = gradientMethod(sgd({ learningRate: 0.5 }))
    assert.deepStrictEqual(run(method, line, Float64Array.of(4), 2).point, Float64Array.of(1))
  })

  it("on a full batch SGD is gradient descent", () => {
    const { objective } = problems.find(({ title }) => title === "logistic regression")!
    assert.isTrue("batchValueAndGradient" in objective)
    const sum = objective as Parameters<typeof Minibatch.fullBatch>[0]
    const method = gradientMethod(sgd({ learningRate: 0.1 }))
    const from = new Float64Array(objective.dimension)
    const [a, b] = [sum, Minibatch.fullBatch(sum)].map((f) => run(method, f, from, 20).point)
    assert.deepStrictEqual(a, b)
  })
})
