import { Draw } from "@nonconvex/evidence"
import { Seed } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { residual } from "../../src/network/TwoLayer.ts"
import { diagnose, flatLimit, labelNoiseSgd, runLabelNoise } from "../../src/index.ts"
import type { Sampling } from "../../src/descent/LabelNoiseSgd.ts"
import { cubic } from "../../src/network/Activation.ts"
import { twoLayerThrough } from "../../src/network/TwoLayer.ts"
import { fitted } from "../support/problems.ts"
import { stabilityLimit } from "../../src/descent/LabelNoiseSgd.ts"
import { factorAt, flowTimeTo } from "../../src/planning/FlowTime.ts"
import * as Theory from "../../src/theory/Theory.ts"

const { network, theta } = fitted()

/** Enough data that two shuffles agree once in 10^8. */
const size = 12

const batches = Draw.record({ batch: Draw.integer(1, size), seed: Draw.seed() })

/** Three epochs see each datum once, in three orders. */
const shuffles = (sampling: Sampling) =>
  fc.property(batches, ({ batch, seed }) => {
    const ones = new Float64Array(size).fill(1)
    const features = Float64Array.from({ length: size * size }, (_, k) =>
      k % (size + 1) === 0 ? 1 : 0,
    )
    const shape = { activation: cubic(1), features, dimension: size, neurons: 1 }
    const method = labelNoiseSgd({
      learningRate: 0.01,
      noise: 0.1,
      sampling,
      batch: sampling === "full" ? size : batch,
      seed: Seed.root(seed),
    })
    const run = method.init(twoLayerThrough(ones, shape), ones)
    const seen: Array<number> = []
    while (seen.length < 3 * size) {
      method.step(run)
      seen.push(...run.indices)
    }
    const epochs = [0, 1, 2].map((k) => seen.slice(k * size, (k + 1) * size))
    const orders = new Set(epochs.map((epoch) => epoch.join()))
    return orders.size === 3 && epochs.every((epoch) => new Set(epoch).size === size)
  })

describe("labelNoiseSgd", () => {
  it("sees every datum once in an epoch, in another order than the one before", () => {
    fc.assert(shuffles("epoch"))
    assert.isTrue(fc.check(shuffles("replacement")).failed)
    assert.isTrue(fc.check(shuffles("full")).failed)
  })

  it("draws noise of the size that it is given", () => {
    const method = labelNoiseSgd({
      learningRate: 0.01,
      noise: 0.25,
      distribution: "rademacher",
      seed: Seed.root(1),
    })
    const state = method.init(network, theta)
    for (let k = 0; k < 5; k++) {
      method.step(state)
      assert.deepStrictEqual(Array.from(state.epsilon, Math.abs), [0.25, 0.25, 0.25])
    }
  })

  it("draws noise and indices from streams of their own", () => {
    const epsilons = (["full", "replacement"] as const).map((sampling) => {
      const method = labelNoiseSgd({
        learningRate: 0.01,
        noise: 0.1,
        sampling,
        batch: 3,
        seed: Seed.root(1),
      })
      const state = method.init(network, theta)
      method.step(state)
      return Array.from(state.epsilon)
    })
    assert.deepStrictEqual(epsilons[0], epsilons[1])
  })
})

describe("the streams", () => {
  it("shuffle anew in every pass", () => {
    const method = labelNoiseSgd({
      learningRate: 0.01,
      noise: 0.1,
      sampling: "epoch",
      batch: 1,
      seed: Seed.root(1),
    })
    const state = method.init(network, theta)
    const passes = new Set<string>()
    for (let pass = 0; pass < 50; pass++) {
      const order = [0, 1, 2].map(() => {
        method.step(state)
        return state.indices[0]!
      })
      passes.add(order.join())
    }
    assert.strictEqual(passes.size, 6)
  })

  it("of indices and of noise are two", () => {
    const { noise, sampler } = labelNoiseSgd({
      learningRate: 0.01,
      noise: 0.1,
      sampling: "replacement",
      seed: Seed.root(1),
    }).init(network, theta)
    assert.notStrictEqual(sampler.stream.uniform(), noise.uniform())
  })
})

describe("stabilityLimit", () => {
  it.each(["half", "mean"] as const)("is where descent stops coming back, by %s", (convention) => {
    const limit = stabilityLimit(network, theta, { convention, sampling: "full" })
    const away = (share: number) => {
      const start = theta.map((value, k) => value + 1e-9 * Math.sin(k))
      const end = runLabelNoise(network, start, {
        convention,
        learningRate: share * limit,
        noise: 0,
        seed: Seed.root(1),
        steps: 300,
      })
      return residual(network, end)
    }
    assert.isBelow(away(0.97), 1e-10)
    assert.isAbove(away(1.03), 1e-6)
  })
})

describe("runLabelNoise", () => {
  it("takes the predicted steps until the neurons have bring the network ten times closer", () => {
    const setting = { convention: "mean", learningRate: 0.01, noise: 0.27, batch: 1 } as const
    const limit = flatLimit(network, theta)
    const step = { ...setting, size: network.size }
    const steps = Theory.stepsFor(flowTimeTo(network, theta, limit, 0.1), step)
    const end = runLabelNoise(network, theta, {
      ...setting,
      sampling: "replacement",
      seed: Seed.root(2),
      steps: Math.round(steps / factorAt(limit.sharpness, step)),
    })
    const ratio = diagnose(network, end).spread / diagnose(network, theta).spread
    assert.isAbove(ratio, 0.05)
    assert.isBelow(ratio, 0.2)
  })
})
