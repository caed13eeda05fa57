/** A perturbed step beyond the laws: its branches, averages, projection and state. */
import { Seed, Vector } from "@nonconvex/numerics"
import type { FiniteSum, Method, Objective } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { type PerturbedState, projectOff } from "../../src/perturbation/PerturbedStep.ts"
import { type QuadraticModel, quadraticModel } from "../../src/evidence/support/QuadraticModel.ts"
import { sharpnessAwarePerturbation } from "../../src/perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../src/perturbation/SmoothedPerturbation.ts"
import { scripted } from "../support/Scripted.ts"

const options = {
  learningRate: 0.5,
  plainLearningRate: 0.125,
  radius: 0.3,
  gradientThreshold: Number.POSITIVE_INFINITY,
}

const model = quadraticModel({ dimension: 5, size: 2, seed: Seed.root(11) })
/** A point near the minimum, where neither the gradient nor the residuals vanish. */
const point = model.minimum.map((value, j) => value + 0.1 * Math.cos(j))
const e = (i: number, sign = 1) => Array.from({ length: 5 }, (_, j) => (j === i ? sign : 0))

/** The move of one step from the point. */
const moveOf = <Problem extends Objective>(
  method: Method<PerturbedState<Problem>, Problem>,
  problem: Problem,
): Float64Array => {
  const state = method.init(problem, point)
  method.step(state)
  return state.move.slice()
}

const mean = (...moves: ReadonlyArray<Float64Array>): Float64Array =>
  moves[0]!.map((_, j) => moves.reduce((sum, move) => sum + move[j]!, 0) / moves.length)

const assertSame = (actual: Float64Array, expected: Float64Array) =>
  assert.isAtMost(Vector.distance(actual, expected), 1e-12 * (1 + Vector.norm(expected)))

describe("the branches", () => {
  /** |x|^2 / 2, whose gradients have the length of x. */
  const bowl: Objective = {
    name: "bowl",
    dimension: 2,
    constants: {},
    valueAndGradient: (x, gradient) => {
      gradient.set(x)
      return 0.5 * Vector.dot(x, x)
    },
  }
  const stepFrom = (length: number, gradientThreshold: number) => {
    const method = smoothedPerturbation({
      ...options,
      gradientThreshold,
      draws: scripted([[0, 1]]),
    })
    const state = method.init(bowl, Float64Array.of(length, 0))
    method.step(state)
    return state
  }

  it("are a plain step with its own rate above the threshold, and a perturbed one at it and below", () => {
    const above = stepFrom(2, 1)
    assert.deepStrictEqual([...above.point], [2 - 0.125 * 2, 0])
    assert.deepStrictEqual([above.perturbedSteps, above.steps], [0, 1])
    for (const threshold of [2, 3]) {
      const { perturbedSteps, point: reached } = stepFrom(2, threshold)
      // v = 0.3 (0, 1), orthogonal to G
      assert.deepStrictEqual([...reached], [2 - 0.5 * 2, -0.5 * 0.3])
      assert.strictEqual(perturbedSteps, 1)
    }
  })

  it("take the same step on a loss of any size", () => {
    const stepOn = (scale: number) => {
      const scaled: Objective = {
        ...bowl,
        valueAndGradient: (x, gradient) => {
          const value = bowl.valueAndGradient(x, gradient)
          Vector.scale(scale, gradient)
          return scale * value
        },
      }
      const draws = scripted([[0.6, 0.8]])
      const method = smoothedPerturbation({ ...options, learningRate: 0.5 / scale, draws })
      const state = method.init(scaled, Float64Array.of(2, 0))
      method.step(state)
      assert.strictEqual(state.status, "running")
      return state.point
    }
    for (const scale of [1e-300, 1e-160, 1e-12, 1e12, 1e160, 1e300]) {
      assert.isAtMost(Vector.distance(stepOn(scale), Float64Array.of(1, -0.12)), 1e-15)
    }
  })

  it("leave the point where the move overflows, though both gradients are finite", () => {
    const wall: Objective = {
      ...bowl,
      valueAndGradient: (x, gradient) => {
        gradient.fill(0)
        gradient[0] = x[1]! > 0 ? -1.5e308 : 1.5e308
        return 0
      },
    }
    const method = smoothedPerturbation({ ...options, draws: scripted([[0, 1]]) })
    const state = method.init(wall, Float64Array.of(2, 0))
    method.step(state)
    assert.strictEqual(state.status, "diverged")
    assert.deepStrictEqual([...state.point], [2, 0])
  })

  it("leave the point where the perturbed gradient is not finite", () => {
    const cliff: Objective = {
      ...bowl,
      valueAndGradient: (x, gradient) => {
        const value = bowl.valueAndGradient(x, gradient)
        if (x[1]! > 0) gradient[1] = Number.NaN
        return value
      },
    }
    const method = smoothedPerturbation({ ...options, draws: scripted([[0, 1]]) })
    const state = method.init(cliff, Float64Array.of(2, 0))
    method.step(state)
    assert.strictEqual(state.status, "diverged")
    assert.deepStrictEqual([...state.point], [2, 0])
    assert.deepStrictEqual([state.steps, state.perturbedSteps], [0, 0])
  })
})

describe("the projection off the gradient", () => {
  it("leaves nothing of it, where nearly all of the vector lies along it", () => {
    const gradient = Float64Array.of(1, 3, -2, 0.7)
    const v = gradient.map((g, j) => 1e8 * g + Math.cos(j))
    projectOff(v, gradient, Vector.norm(gradient), Vector.norm(v))
    const cosine = Vector.dot(v, gradient) / (Vector.norm(v) * Vector.norm(gradient))
    assert.isAtMost(Math.abs(cosine), 1e-14)
    assert.isAbove(Vector.norm(v), 0.5)
  })

  it("is done for gradients down to 1e-11 of the perturbed one, and not for rounding noise", () => {
    for (const [size, along] of [
      [1e-11, 0],
      [1e-13, 1],
    ] as const) {
      const v = Float64Array.of(1, 1)
      projectOff(v, Float64Array.of(size, 0), size, 1)
      assert.closeTo(v[0]!, along, 1e-15)
      assert.strictEqual(v[1], 1)
    }
  })
})

describe("averages in a step", () => {
  const smoothed = (
    directions: ReadonlyArray<ReadonlyArray<number>>,
    more: { readonly antithetic?: boolean; readonly directions?: number } = {},
  ) => moveOf(smoothedPerturbation({ ...options, ...more, draws: scripted(directions) }), model)
  const aware = (
    indices: ReadonlyArray<number>,
    signs: ReadonlyArray<number>,
    more: { readonly antithetic?: boolean; readonly batchSize?: number } = {},
  ) =>
    moveOf<FiniteSum>(
      sharpnessAwarePerturbation({ ...options, ...more, draws: scripted([e(0)], indices, signs) }),
      model,
    )

  it("over directions are means of the moves along each", () => {
    assertSame(
      smoothed([e(0), e(1), e(2)], { directions: 3 }),
      mean(smoothed([e(0)]), smoothed([e(1)]), smoothed([e(2)])),
    )
  })

  it("over both sides are means of the moves to each", () => {
    assertSame(
      smoothed([e(1), e(3)], { directions: 2, antithetic: true }),
      mean(smoothed([e(1)]), smoothed([e(1, -1)]), smoothed([e(3)]), smoothed([e(3, -1)])),
    )
    assertSame(
      aware([0, 1], [1, -1], { batchSize: 2, antithetic: true }),
      mean(aware([0], [1]), aware([0], [-1]), aware([1], [1]), aware([1], [-1])),
    )
  })

  it("over samples are means of the moves of each, with its own sign", () => {
    assertSame(aware([0, 1], [1, -1], { batchSize: 2 }), mean(aware([0], [1]), aware([1], [-1])))
    // the two sides and the two samples do differ
    assert.isAbove(Vector.distance(aware([0], [1]), aware([0], [-1])), 0.01)
    assert.isAbove(Vector.distance(aware([0], [1]), aware([1], [1])), 0.01)
  })

  it("start anew in every step", () => {
    const method = smoothedPerturbation({
      ...options,
      learningRate: 1e-300,
      draws: scripted([e(0)]),
    })
    const state = method.init(model, point)
    method.step(state)
    const first = state.move.slice()
    method.step(state)
    assert.deepStrictEqual(state.move, first)
  })
})

describe("one method on two sums by turns", () => {
  it("takes on each the steps that it takes on it alone", () => {
    const bare = (of: QuadraticModel): FiniteSum => ({
      name: of.name,
      dimension: of.dimension,
      size: of.size,
      constants: {},
      valueAndGradient: (x, gradient) => of.valueAndGradient(x, gradient),
      batchValueAndGradient: (indices, x, gradient) =>
        of.batchValueAndGradient(indices, x, gradient),
    })
    const other = quadraticModel({ dimension: 5, size: 2, seed: Seed.root(12) })
    const make = () =>
      sharpnessAwarePerturbation({
        ...options,
        learningRate: 0.01,
        draws: scripted([e(0)], [0, 1]),
      })
    const sums = [model, bare(other)] as const
    const shared = make()
    const together = sums.map((sum) => shared.init(sum, point))
    const alone = sums.map((sum) => {
      const method = make()
      const state = method.init(sum, point)
      for (let t = 0; t < 4; t++) method.step(state)
      return state.point
    })
    for (const k of [0, 0, 1, 1, 0, 0, 1, 1]) shared.step(together[k]!)
    together.forEach((state, k) => assertSame(state.point, alone[k]!))
  })
})
