import { InvalidInput, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import {
  Diverged,
  gradientMethod,
  leastSquares,
  type Method,
  type MethodState,
  momentum,
  type Objective,
  quadratic,
  scalarFactorisation,
  sgd,
  trajectory,
} from "../src/index.ts"
import * as Minibatch from "../src/Minibatch.ts"
import { points } from "./support/Problems.ts"

const bowl = quadratic({ spectrum: [1, 3] })
const start = Float64Array.of(1, -2)
const method = gradientMethod(momentum({ learningRate: 0.1 }))

/** Steps, losses and points of all waypoints, copied while they are live. */
const record = <State extends MethodState, Problem extends Objective>(
  of: Method<State, Problem>,
  objective: Problem,
  from: Float64Array,
  options: { readonly steps: number; readonly every?: number; readonly from?: State },
) =>
  Array.from(trajectory(of, objective, from, options), ({ loss, state, step }) => ({
    step,
    loss,
    point: state.point.slice(),
  }))

describe("waypoints", () => {
  it.each([
    { steps: 10, every: 4, expected: [0, 4, 8, 10] },
    { steps: 8, every: 4, expected: [0, 4, 8] },
    { steps: 3, every: 1, expected: [0, 1, 2, 3] },
    { steps: 3, every: 100, expected: [0, 3] },
    { steps: 0, every: 5, expected: [0] },
    { steps: 5, expected: [0, 1, 2, 3, 4, 5] },
  ])("$steps steps, one every $every", ({ expected, ...options }) => {
    const steps = record(method, bowl, start, options).map(({ step }) => step)
    assert.deepStrictEqual(steps, expected)
  })

  it("by default there are a hundred and one", () => {
    assert.deepStrictEqual(
      record(method, bowl, start, { steps: 1000 }).map(({ step }) => step),
      Array.from({ length: 101 }, (_, i) => 10 * i),
    )
  })

  it("the first has the loss at the start, the others the loss before the last step", () => {
    const [first, second] = record(method, bowl, start, { steps: 1 })
    assert.deepStrictEqual(first, { step: 0, loss: 0.5 * 1 + 0.5 * 3 * 4, point: start })
    assert.strictEqual(second!.loss, 0.5 * 1 + 0.5 * 3 * 4)
  })
})

describe("what is computed", () => {
  const problem = () =>
    Minibatch.shuffled(
      leastSquares({
        features: points(30, 1, 1, "descent")[0]!,
        dimension: 3,
        targets: points(10, 1, 1, "descent targets")[0]!,
      }),
      { batchSize: 4, seed: Seed.root(5) },
    )

  it("has the same bits for every `every`, and is what the plain loop computes", () => {
    const from = new Float64Array(3)
    const objective = problem()
    const state = method.init(objective, from)
    for (let step = 0; step < 1000; step++) {
      method.step(state)
      objective.advance()
    }
    for (const every of [1, 7, 1000]) {
      const all = record(method, problem(), from, { steps: 1000, every })
      assert.deepStrictEqual(all.at(-1)!.point, state.point)
    }
  })

  it("has the same bits from a state on the way, of whatever step", () => {
    const options = { steps: 50, every: 7 }
    const whole = record(method, bowl, start, options)
    for (const stop of [0, 5, 7, 36, 49, 50]) {
      const from = method.init(bowl, start)
      for (let step = 0; step < stop; step++) method.step(from)
      const [first, ...rest] = record(method, bowl, start, { ...options, from })
      assert.strictEqual(first!.step, stop)
      assert.deepStrictEqual(
        rest,
        whole.filter(({ step }) => step > stop),
      )
    }
  })

  it("does not touch the start", () => {
    const from = start.slice()
    record(method, bowl, from, { steps: 20 })
    assert.deepStrictEqual(from, start)
  })

  it("a stochastic objective advances once after each step", () => {
    let advanced = 0
    const objective = problem()
    const counting = { ...objective, advance: () => void advanced++ }
    record(method, counting, new Float64Array(3), { steps: 12, every: 5 })
    assert.strictEqual(advanced, 12)
  })
})

const refusal = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

describe("divergence", () => {
  it("is a typed error that names method and step, after the waypoints before it", () => {
    const seen: Array<number> = []
    const explode = gradientMethod(sgd({ learningRate: 1 }))
    const options = { steps: 100, every: 1 }
    const error = refusal(() => {
      const all = trajectory(explode, scalarFactorisation(), Float64Array.of(8, 9), options)
      for (const { step } of all) seen.push(step)
    })
    assert.instanceOf(error, Diverged)
    assert.strictEqual(error.method, "sgd")
    assert.isFalse(Number.isFinite(error.loss))
    assert.strictEqual(error.step, seen.at(-1))
    assert.include(error.message, `step ${error.step}`)
  })

  it("a start that is not finite diverges at step 0", () => {
    const nowhere = Float64Array.of(Number.NaN, 0)
    const error = refusal(() => record(method, bowl, nowhere, { steps: 5 }))
    assert.instanceOf(error, Diverged)
    assert.strictEqual(error.step, 0)
  })

  it("bad counts and starts are refused at the call", () => {
    for (const [from, options] of [
      [start, { steps: -1 }],
      [start, { steps: 1.5 }],
      [start, { steps: 3, every: 0 }],
      [Float64Array.of(1), { steps: 3 }],
    ] as const) {
      assert.instanceOf(
        refusal(() => trajectory(method, bowl, from, options)),
        InvalidInput,
      )
    }
  })
})
