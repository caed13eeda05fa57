/** The numbers in a plan and in a certificate, one by one. */
import { Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Activation from "../src/Activation.ts"
import { teacherProblem } from "../src/experiments/TeacherProblem.ts"
import {
  certify,
  diagnose,
  flatLimit,
  labelNoise,
  plan,
  stepLabelNoise,
  Theory,
  twoLayer,
} from "../src/index.ts"
import { preactivations, relabelled } from "../src/TwoLayer.ts"

const { network, theta } = teacherProblem(Seed.root(5), [0.32, 1.08, 1.6], 6)

describe("plan", () => {
  it("comes with fewer visits first", () => {
    for (const k of [1, 2, 3, 4, 5, 6]) {
      const problem = teacherProblem(Seed.root(k), [0.32, 1.08, 1.6], 6)
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
    const state = labelNoise(orthogonal, start, { ...chosen, seed: Seed.root(1) })
    const z = new Float64Array(6)
    const [sum, square] = [new Float64Array(6), new Float64Array(6)]
    preactivations(orthogonal, start, z)
    const center = z.slice()
    const steps = 300_000
    for (let k = 0; k < steps; k++) {
      stepLabelNoise(state)
      preactivations(orthogonal, state.theta, z)
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

describe("certify", () => {
  it("has the time of the theory, with the excess in units of the sharpness", () => {
    const { excess, gradientNorm, leastSharpness, sharpness } = diagnose(network, theta)
    assert.closeTo(excess * leastSharpness, sharpness - leastSharpness, 1e-12 * sharpness)
    const { coherence, deviationBound, remainingTime } = certify(network, theta, {
      distance: 1e-3,
    })
    const constants = Activation.assess(network.activation)
    const leastWeight = Math.min(...network.weights)
    const expected = Theory.remainingTime(
      {
        ...constants,
        excess: sharpness - leastSharpness,
        gradientNorm,
        mu: coherence,
        leastWeight,
      },
      1e-3,
    )
    assert.closeTo(remainingTime / expected, 1, 1e-9)
    const { rho1, rho2 } = constants
    const bound = Theory.deviationBound(gradientNorm, rho1, rho2, coherence, leastWeight)
    assert.closeTo(deviationBound / bound, 1, 1e-12)
  })

  it("takes the norm of the shortest datum, and is convergent just below the threshold", () => {
    const features = network.features.map((value, k) => (k < 3 ? 0.5 : 1) * value)
    const short = relabelled(twoLayer({ ...network, features }), theta)
    const limit = flatLimit(short, theta).theta
    const at = (share: number) => theta.map((value, k) => value + share * (limit[k]! - value))
    // on the way to the limit the margin passes 1
    let [low, high] = [0, 1]
    while (high - low > 1e-6) {
      const middle = (low + high) / 2
      const { verdict } = certify(short, at(middle))
      if (verdict === "far") low = middle
      else high = middle
    }
    for (const [share, verdict] of [
      [low, "far"],
      [high, "convergent"],
    ] as const) {
      const found = certify(short, at(share))
      assert.strictEqual(found.verdict, verdict)
      const threshold = Theory.convexityThreshold(found.coherence, 16 / 3, 0.25)
      assert.closeTo(found.gradientNorm / threshold, 1, 1e-3)
      const bound = Theory.deviationBound(found.gradientNorm, 1, 6, found.coherence, 0.25)
      assert.closeTo(found.deviationBound / bound, 1, 1e-12)
    }
  })
})
