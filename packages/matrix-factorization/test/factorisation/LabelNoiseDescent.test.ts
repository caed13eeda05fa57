import { Seed } from "@nonconvex/numerics"
import { Diverged } from "@nonconvex/problems/Diverged"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { sgd } from "@nonconvex/problems/Sgd"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { assert, describe, it } from "vitest"
import { deepFactorisation, labelNoiseDescent } from "../../src/index.ts"
import { type LabelNoiseDescentOptions } from "../../src/factorisation/LabelNoiseDescent.ts"
import { assertClose, sensing } from "../support/Numbers.ts"
import * as Initialisation from "../../src/factorisation/Initialisation.ts"

const { measurements, targets } = sensing(4, 1, 10, 3)
const objective = deepFactorisation({ measurements, targets, widths: [4, 3, 5, 4] })
const start = Initialisation.gaussian(objective.shape, { scale: 1, seed: Seed.root(1) })
const seed = Seed.root(2)

const after = (options: Omit<LabelNoiseDescentOptions, "seed" | "learningRate">, steps: number) => {
  const method = labelNoiseDescent({ learningRate: 0.01, seed, ...options })
  const state = method.init(objective, start)
  for (let k = 0; k < steps; k++) method.step(state)
  return state
}

describe("label-noise descent", () => {
  it("is gradient descent without noise, and full batches in any order agree with it", () => {
    const plain = gradientMethod(sgd({ learningRate: 0.01 }))
    const state = plain.init(objective, start)
    for (let k = 0; k < 20; k++) plain.step(state)
    assertClose(after({ noise: 0 }, 20).point, state.point, 1e-14)
    const { point } = after({ noise: 0, sampling: "epoch", batch: 10 }, 20)
    assertClose(point, state.point, 1e-12)
  })

  it("takes the first step on labels with noise from its stream", () => {
    const state = after({ noise: 0.5, sampling: "replacement", batch: 3 }, 1)
    const gradient = new Float64Array(objective.dimension)
    objective.against(state.indices, state.labels, start, gradient)
    assertClose(
      state.point,
      start.map((w, k) => w - 0.01 * gradient[k]!),
      1e-15,
    )
    const shifts = Array.from(state.labels, (b, k) => b - targets[state.indices[k]!]!)
    assert.isTrue(shifts.every((shift) => shift !== 0 && Math.abs(shift) < 3))
  })

  it("adds plus or minus the deviation where that is asked for", () => {
    const { indices, labels } = after({ noise: 0.5, distribution: "rademacher" }, 3)
    labels.forEach((b, k) => assert.closeTo(Math.abs(b - targets[indices[k]!]!), 0.5, 1e-15))
  })

  it("visits every measurement once an epoch", () => {
    const method = labelNoiseDescent({
      learningRate: 0.01,
      noise: 0,
      sampling: "epoch",
      batch: 5,
      seed,
    })
    const state = method.init(objective, start)
    method.step(state)
    const seen = [...state.indices]
    method.step(state)
    assert.deepStrictEqual(
      [...seen, ...state.indices].toSorted((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    )
  })

  it("repeats bit for bit", () => {
    const options = { noise: 0.3, sampling: "replacement", batch: 4 } as const
    assert.deepStrictEqual(after(options, 50).point, after(options, 50).point)
  })

  it("says that it diverged and keeps the last finite point; a trajectory throws Diverged", () => {
    const method = labelNoiseDescent({ learningRate: 10, noise: 0, seed })
    const state = method.init(objective, start)
    for (let k = 0; k < 50; k++) method.step(state)
    assert.strictEqual(state.status, "diverged")
    assert.isTrue(state.point.every(Number.isFinite))
    const follow = () => Array.from(trajectory(method, objective, start, { steps: 50 }))
    assert.throws(follow, Diverged, /diverged at step \d+ .*lower the learning rate/)
  })
})

describe("a step that would leave the range of numbers", () => {
  it.each([1e292, 1e300, 1e308])("of %d does not move the point", (learningRate) => {
    const method = labelNoiseDescent({ learningRate, noise: 0, seed })
    const state = method.init(objective, start)
    method.step(state)
    assert.deepStrictEqual([state.status, state.steps], ["diverged", 0])
    assert.deepStrictEqual(state.point, start)
  })
})

describe("initialisation", () => {
  it("has the deviation, the diagonal or the orthogonality that it says", () => {
    const { shape } = deepFactorisation({ measurements, targets, widths: [4, 60, 4] })
    const normal = Initialisation.gaussian(shape, { scale: 0.8, seed })
    const square = normal.subarray(0, 240).reduce((sum, w) => sum + w * w, 0) / 240
    assert.closeTo(Math.sqrt(square), 0.8 / 2, 0.06)
    const diagonal = Initialisation.identity(objective.shape, 0.1)
    assert.strictEqual(diagonal.filter((w) => w === 0.1).length, 3 + 3 + 4)
    const q = Initialisation.orthogonal(shape, { scale: 2, seed }).subarray(0, 240)
    for (let c = 0; c < 4; c++) {
      let norm = 0
      for (let r = 0; r < 60; r++) norm += q[r * 4 + c]! ** 2
      assert.closeTo(norm, 4, 1e-12)
    }
  })
})
