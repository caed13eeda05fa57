import { InvalidInput, Kernels, Seed } from "@nonconvex/numerics"
import { advance, sgd } from "@nonconvex/problems"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import { assert, describe, it } from "vitest"
import { supercriticalShare } from "../../src/descent/BatchDescent.ts"
import {
  adviseBatchSize,
  batchDescent,
  meanSquared,
  ntkNetwork,
  TangentKernel,
} from "../../src/index.ts"
import { net, normals } from "../support/Nets.ts"
import { productTask } from "../../src/evidence/support/ProductTask.ts"
import { finish } from "../../src/evidence/support/Runs.ts"

const task = productTask(
  { inputs: 12, width: 128, samples: 160, rank: 2, testSamples: 10 },
  Seed.root(3),
  Kernels.strict(),
)

const training = { model: task.network, loss: task.loss }

describe("batchDescent", () => {
  it("knows which batches are past their critical rate", () => {
    const critical = TangentKernel.criticalRate(task.network, task.loss, task.start)
    const share = (batchSize: number) => {
      const method = batchDescent({
        batchSize,
        update: sgd({ learningRate: 0.8 * critical }),
        seed: Seed.root(1),
        probeEvery: 1,
        epochs: 5,
      })
      return supercriticalShare(finish(method, training, task.start))
    }
    assert.strictEqual(share(160), 0)
    assert.isAbove(share(8), 0.5)
    assert.throws(() => share(161), InvalidInput, /larger than the set/)
  })

  it("knows them by the loss that it is given", () => {
    const critical = TangentKernel.criticalRate(task.network, task.loss, task.start)
    const share = (scale: number) => {
      const loss = meanSquared(task.loss.targets, scale)
      const method = batchDescent({
        batchSize: 20,
        update: sgd({ learningRate: (0.7 * critical) / scale }),
        seed: Seed.root(1),
        probeEvery: 1,
        epochs: 5,
      })
      return supercriticalShare(finish(method, { model: task.network, loss }, task.start))
    }
    assert.isAbove(share(1), 0)
    assert.isBelow(share(1), 1)
    assert.strictEqual(share(0.5), share(1))
    assert.strictEqual(share(4), share(1))
  })

  it("forecasts it from a few batches", () => {
    const critical = TangentKernel.criticalRate(task.network, task.loss, task.start)
    const forecasts = adviseBatchSize(task.network, task.loss, task.start, {
      batchSize: 16,
      learningRate: 0.8 * critical,
      targetShare: 0.2,
      seed: Seed.root(2),
    })
    assert.deepStrictEqual(
      forecasts.map(({ batchSize }) => batchSize),
      [8, 16, 32],
    )
    const shares = forecasts.map((each) => each.supercriticalShare)
    assert.isAbove(shares[0]!, shares[2]!)
    // the rate for a target is one that at most that share of the sampled batches is below
    for (const { batchSize, learningRate } of forecasts) {
      const again = adviseBatchSize(task.network, task.loss, task.start, {
        batchSize,
        learningRate,
        targetShare: 0.2,
        seed: Seed.root(2),
      }).find((forecast) => forecast.batchSize === batchSize)
      assert.closeTo(again!.supercriticalShare, 0.2, 1e-9)
    }
    const [none] = adviseBatchSize(task.network, task.loss, task.start, {
      batchSize: 16,
      learningRate: 1e-6 * critical,
      targetShare: 0.2,
      seed: Seed.root(2),
    })
    assert.strictEqual(none!.supercriticalShare, 0)
    // mean 1 / 22 of the Beta distribution with 1 and 21
    assert.closeTo(none!.standardError, Math.sqrt(21 / (22 ** 2 * 23)), 1e-12)
  })

  it("judges divergence, spikes and shares after a break as it would have without", () => {
    // a first loss of about 1e8, so that it takes 1e15 to be lost; at the break the loss is below 1
    const { architecture, features, start } = net({ widths: [3, 64], samples: 2 })
    const network = ntkNetwork({ architecture, features: features.map((x) => 1e4 * x) })
    const loss = meanSquared(normals(2, "targets"))
    const critical = TangentKernel.criticalRate(network, loss, start)
    const calm = 60
    const method = batchDescent({
      batchSize: 2,
      update: sgd({ learningRate: (step) => (step < calm ? 0.5 : 6) * critical }),
      seed: Seed.root(1),
      probeEvery: 1,
      tolerance: 1e-30,
    })
    const begin = () => method.init({ model: network, loss }, start)
    const whole = begin()
    advance(method, [whole], calm)
    assert.isBelow(whole.loss, 1)
    const resumed = begin()
    Snapshot.read(Snapshot.write(whole), resumed)
    const ends = [whole, resumed].map((each) => {
      while (each.outcome === "running") method.step(each)
      return [each.outcome, each.steps, each.loss, each.spikes, supercriticalShare(each)]
    })
    assert.strictEqual(ends[0]![0], "diverged")
    assert.isAbove(whole.loss, 1e15)
    assert.deepStrictEqual(ends[1], ends[0])
  })
})
