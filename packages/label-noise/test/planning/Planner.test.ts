/** Limits that a plan respects, and each of its numbers. */
import { InvalidInput, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { Activation, labelNoiseSgd, plan, Theory, twoLayer } from "../../src/index.ts"
import { preactivations, relabelled } from "../../src/network/TwoLayer.ts"
import { crowded, fitted } from "../support/problems.ts"
import { NotInterpolating, SingularGram } from "../../src/network/Failures.ts"

const { network, theta } = fitted()
const crowd = crowded()

describe("plan", () => {
  it("keeps to the stability limit and to the steps that it is given", () => {
    for (const chosen of plan(network, theta, { steps: 5000 })) {
      assert.strictEqual(chosen.steps, 5000)
      assert.strictEqual(chosen.visits, 5000 * chosen.batch)
      assert.strictEqual(chosen.etaLambda, 0.8)
      const step = { ...chosen, convention: "half", size: network.size } as const
      const needed = Theory.stepsFor(chosen.flowTime, step) / chosen.finiteStepFactor
      assert.closeTo(needed / 5000, 1, 1e-12)
    }
  })

  it("warns of a learning rate past the theorem, and of noise that is too loud", () => {
    const [bold] = plan(network, theta, { stability: 0.7 })
    assert.match(bold.warnings.join(), /^eta lambda is 1.4, above 1: on correlated data/)
    const [hasty] = plan(network, theta, { steps: 10 })
    assert.match(hasty.warnings.join(), /^the noise changes slopes by a relative .*more steps$/)
    assert.deepStrictEqual(plan(network, theta)[0].warnings, [])
  })

  it("refuses what cannot be planned", () => {
    assert.throws(() => plan(network, theta, { share: 1 }), InvalidInput, /between 0 and 1/)
    assert.throws(() => plan(network, theta, { stability: Number.NaN }), InvalidInput)
    assert.throws(() => plan(crowd.network, crowd.theta), SingularGram)
    const other = theta.map((value) => 2 * value)
    assert.throws(() => plan(network, other), NotInterpolating)
  })
})

describe("the numbers of a plan", () => {
  it("comes with fewer visits first", () => {
    for (const k of [1, 2, 3, 4, 5, 6]) {
      const problem = fitted(k)
      const [first, second] = plan(problem.network, problem.theta)
      assert.isAtMost(first.visits, second!.visits)
    }
  })

  it("warns of noise from a share of 0.3 on, which is between a ninth and a sixteenth of the quiet steps", () => {
    const [quiet] = plan(network, theta)
    assert.closeTo(quiet.fluctuation, 0.1, 1e-6)
    const loudness = (steps: number) => {
      const { fluctuation, warnings } = plan(network, theta, { steps }).find(
        ({ sampling }) => sampling === quiet.sampling,
      )!
      return [fluctuation > 0.3, warnings.length] as const
    }
    assert.deepStrictEqual(loudness(Math.ceil(quiet.steps / 2)), [false, 0])
    assert.deepStrictEqual(loudness(Math.ceil(quiet.steps / 16)), [true, 1])
  })

  it("knows the fluctuation of one of orthogonal data a step", () => {
    const start = Float64Array.of(0.4, -0.3, 0.4001, -0.3001, 0.3999, -0.2999)
    const orthogonal = relabelled(
      twoLayer({
        activation: Activation.cubic(1),
        features: Float64Array.of(1, 0, 0, 1.5),
        dimension: 2,
        labels: new Float64Array(2),
        neurons: 3,
      }),
      start,
    )
    const chosen = plan(orthogonal, start, { steps: 1e13, stability: 0.7 }).find(
      ({ sampling }) => sampling === "replacement",
    )!
    const method = labelNoiseSgd({ ...chosen, seed: Seed.root(1) })
    const state = method.init(orthogonal, start)
    const z = new Float64Array(6)
    const [sum, square] = [new Float64Array(6), new Float64Array(6)]
    preactivations(orthogonal, start, z)
    const center = z.slice()
    const steps = 300_000
    for (let k = 0; k < steps; k++) {
      method.step(state)
      preactivations(orthogonal, state.point, z)
      for (let i = 0; i < 6; i++) {
        sum[i]! += z[i]! - center[i]!
        square[i]! += (z[i]! - center[i]!) ** 2
      }
    }
    const { first, second } = orthogonal.activation
    const shares = center.map((at, i) => {
      const variance = square[i]! / steps - (sum[i]! / steps) ** 2
      return (Math.sqrt(variance) * Math.abs(second(at))) / first(at)
    })
    assert.closeTo(Math.max(...shares) / chosen.fluctuation, 1, 0.05)
  })
})
