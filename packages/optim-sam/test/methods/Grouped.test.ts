import { InvalidInput, Seed, Vector } from "@nonconvex/numerics"
import { leastSquares, logistic, momentum, nesterov, sgd, type Update } from "@nonconvex/problems"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import type * as Schedule from "@nonconvex/problems/Schedule"
import { assert, describe, expect, it } from "vitest"
import { everyNth, grouped, Perturbation, sharpnessAware, telemetry } from "../../src/index.ts"
import { assertClose, run } from "../support/Runs.ts"

const features = Float64Array.of(1, 0.5, -0.3, 2, 0.7, -1, -1.2, 0.4, 0.6, 0.9)

const sum = logistic({ features, dimension: 2, labels: [1, -1, 1, 1, -1], ridge: 0.1 })

const rule = Perturbation.normalised(0.3)

describe("m-SAM", () => {
  const bases: Readonly<Record<string, Update>> = {
    sgd: sgd({ learningRate: 0.1 }),
    momentum: momentum({ learningRate: 0.1 }),
    nesterov: nesterov({ learningRate: 0.1 }),
  }

  it.each(Object.keys(bases))("of the whole batch is SAM, over %s", (name) => {
    const base = bases[name]!
    const batch = Minibatch.fullBatch(sum)
    const whole = run(grouped(rule, base, { size: 5 }), batch, [1, -1], 20)
    assertClose(whole.point, run(sharpnessAware(rule, base), batch, [1, -1], 20).point, 1e-13)
    const larger = run(grouped(rule, base, { size: 99 }), batch, [1, -1], 20)
    assert.deepStrictEqual(larger.point, whole.point)
  })

  it("perturbs each group by its own gradient", () => {
    // residuals 1 and -1 with features 1 and 1: the mean gradient is 0, the groups' are not
    const opposed = leastSquares({
      features: Float64Array.of(1, 1),
      dimension: 1,
      targets: Float64Array.of(-1, 1),
    })
    const batch = Minibatch.fullBatch(opposed)
    const base = sgd({ learningRate: 1 })
    const single = run(grouped(Perturbation.normalised(0.5), base, { size: 1 }), batch, [0])
    assert.deepStrictEqual([single.lossAtPerturbed, single.loss], [1.125, 0.5])
    assert.strictEqual(single.point[0], 0)
    const together = run(grouped(Perturbation.normalised(0.5), base, { size: 2 }), batch, [0])
    assert.strictEqual(together.lossAtPerturbed, 0.5)
  })

  it("weights a short last group by its samples", () => {
    const slopes = leastSquares({
      features: Float64Array.of(1, 1, 1),
      dimension: 1,
      targets: Float64Array.of(-3, -3, 0),
    })
    const method = grouped(Perturbation.normalised(0), sgd({ learningRate: 1 }), { size: 2 })
    assertClose(run(method, Minibatch.fullBatch(slopes), [0]).point, [-2], 1e-15)
  })

  it("sees the next batch after the batch has advanced", () => {
    const batch = Minibatch.shuffled(sum, { batchSize: 2, seed: Seed.root(1) })
    const method = grouped(rule, sgd({ learningRate: 0.1 }), { size: 1 })
    const state = method.init(batch, Float64Array.of(1, -1))
    const gradient = new Float64Array(2)
    for (let t = 0; t < 6; t++) {
      const loss = sum.batchValueAndGradient(batch.indices, state.point, gradient)
      assert.closeTo(method.step(state), loss, 1e-14)
      assertClose(state.gradient, gradient, 1e-13)
      batch.advance()
    }
  })

  it("with radius 0 takes one gradient a group", () => {
    let evaluations = 0
    const counting = {
      ...sum,
      batchValueAndGradient: (indices: Uint32Array, x: Float64Array, gradient: Float64Array) => {
        evaluations++
        return sum.batchValueAndGradient(indices, x, gradient)
      },
    }
    const batch = Minibatch.fullBatch(counting)
    run(grouped(Perturbation.normalised(0), sgd({ learningRate: 1 }), { size: 2 }), batch, [1, 1])
    assert.strictEqual(evaluations, 3)
    run(grouped(rule, sgd({ learningRate: 1 }), { size: 2 }), batch, [1, 1])
    assert.strictEqual(evaluations, 3 + 6)
  })

  it("leaves what telemetry reads, of one group and of several", () => {
    const bowl = leastSquares({
      features: Float64Array.of(2, 0, 0, 1, 2, 1),
      dimension: 2,
      targets: Float64Array.of(1, -1, 0),
    })
    const batch = Minibatch.fullBatch(bowl)
    const after = (size: number, radius: number | Schedule.Schedule = 0.25) =>
      run(
        grouped(Perturbation.normalised(radius), sgd({ learningRate: 0.1 }), { size }),
        batch,
        [3, -2],
        4,
      )
    const state = after(3)
    const e = state.gradient.map((g) => (0.25 * g) / Vector.norm(state.gradient))
    const product = new Float64Array(2)
    bowl.hessianVector(state.before, e, product)
    const whole = telemetry(state)
    assert.closeTo(whole.directionalSharpness, Vector.dot(e, product) / 0.25 ** 2, 1e-12)
    const several = telemetry(after(2))
    assert.isNaN(several.directionalSharpness)
    assert.isAbove(several.sharpnessGap, 0)
    assert.closeTo(several.cosine, 1, 0.1)
    // perturbed in steps 0 and 2 of the four
    const plain = telemetry(after(2, everyNth(2, 0.25)))
    assert.deepStrictEqual([plain.sharpnessGap, plain.cosine], [0, Number.NaN])
  })

  it("takes its radius from the schedule by the step", () => {
    const radii = [0, 1, 2].map((t) => {
      const schedule = everyNth(2, 0.25)
      const method = grouped(Perturbation.normalised(schedule), sgd({ learningRate: 0.1 }), {
        size: 2,
      })
      return run(method, Minibatch.fullBatch(sum), [1, 1], t + 1).radius
    })
    assert.deepStrictEqual(radii, [0.25, 0, 0.25])
  })

  it("leaves the point where only the loss at it is not a number", () => {
    const start = [1, -0.5]
    const poisoned = {
      ...sum,
      batchValueAndGradient: (indices: Uint32Array, x: Float64Array, gradient: Float64Array) => {
        const value = sum.batchValueAndGradient(indices, x, gradient)
        return x.every((w, i) => w === start[i]) ? Number.NaN : value
      },
    }
    const method = grouped(rule, sgd({ learningRate: 0.1 }), { size: 3 })
    const state = run(method, Minibatch.fullBatch(poisoned), start)
    assert.strictEqual(state.status, "diverged")
    assert.deepStrictEqual([...state.point], start)
  })

  it.each([1, 2, 3, 4])("leaves the point where evaluation %i fails", (at) => {
    let evaluations = 0
    const poisoned = {
      ...sum,
      batchValueAndGradient: (indices: Uint32Array, x: Float64Array, gradient: Float64Array) => {
        const value = sum.batchValueAndGradient(indices, x, gradient)
        if (++evaluations === at) gradient[1] = Number.NEGATIVE_INFINITY
        return value
      },
    }
    const method = grouped(rule, sgd({ learningRate: 0.1 }), { size: 3 })
    const state = run(method, Minibatch.fullBatch(poisoned), [1, -0])
    assert.strictEqual(state.status, "diverged")
    assert.isTrue(Object.is(state.point[0], 1) && Object.is(state.point[1], -0))
  })

  it.each([0, -1, 1.5, Number.NaN])("a size of %d throws InvalidInput", (size) => {
    expect(() => grouped(rule, sgd({ learningRate: 0.1 }), { size })).toThrow(InvalidInput)
  })
})
