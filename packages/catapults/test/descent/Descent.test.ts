import { InvalidInput, Seed } from "@nonconvex/numerics"
import { sgd } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import {
  adviseBatchSize,
  batchDescent,
  capped,
  catapultDescent,
  descentOf,
  frozenGates,
  linearised,
  logisticLoss,
  meanSquared,
  milestones,
  ntkArchitecture,
  ntkNetwork,
  parameterDescent,
  raising,
  RunDiverged,
  sampleDescent,
  signedStart,
  sumSquared,
  TangentKernel,
  ZeroKernel,
} from "../../src/index.ts"
import { productTask } from "../../src/evidence/support/ProductTask.ts"
import { net, normals } from "../support/Nets.ts"

const assertClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) => {
  for (let i = 0; i < expected.length; i++) {
    assert.closeTo(actual[i]!, expected[i]!, tolerance * Math.max(1, Math.abs(expected[i]!)))
  }
}

const task = productTask(
  { inputs: 12, width: 128, samples: 160, rank: 2, testSamples: 10 },
  Seed.root(3),
)

describe("sampleDescent", () => {
  const cases = [
    { frozen: false, activation: "relu" },
    { frozen: true, activation: "relu" },
    { frozen: false, activation: "tanh" },
  ] as const
  it.each(cases)("takes the steps of the parameters: %o", ({ activation, frozen }) => {
    const { architecture, features, start } = net({ widths: [40, 30], samples: 8, activation })
    const loss = meanSquared(normals(8, "targets"))
    const model = frozen
      ? frozenGates({ architecture, features, at: start })
      : ntkNetwork({ architecture, features })
    const one = parameterDescent(model, loss, start)
    const gates = frozen ? { gatesAt: start } : {}
    const other = sampleDescent({ architecture, features, loss, start, ...gates })
    for (let t = 0; t < 20; t++) {
      assert.closeTo(other.evaluate(), one.evaluate(), 1e-10)
      one.move(1)
      other.move(1)
    }
    assertClose(other.parameters(), one.parameters(), 1e-10)
    const [a, b] = [new Float64Array(64), new Float64Array(64)]
    one.evaluate()
    other.evaluate()
    one.tangentKernel(a)
    other.tangentKernel(b)
    assertClose(b, a, 1e-10)
    assert.closeTo(other.criticalRate(0.5) / one.criticalRate(0.5), 1, 1e-10)
  })

  it.each(cases)("takes the steps of batches: %o", ({ activation, frozen }) => {
    const { architecture, features, start } = net({ widths: [40, 30], samples: 8, activation })
    // gates of another point than the start
    const elsewhere = start.map((value, i) => value + Math.sin(i))
    const loss = meanSquared(normals(8, "targets"))
    const model = frozen
      ? frozenGates({ architecture, features, at: elsewhere })
      : ntkNetwork({ architecture, features })
    const gates = frozen ? { gatesAt: elsewhere } : {}
    const other = sampleDescent({ architecture, features, loss, start, ...gates })
    const theta = start.slice()
    const batches = [
      [3, 1],
      [7, 0, 2],
      [6, 5],
      [0, 1, 2, 3, 4, 5, 6, 7],
    ]
    for (const batch of [...batches, ...batches].map((indices) => Uint32Array.from(indices))) {
      const [predictions, adjoint] = [
        new Float64Array(batch.length),
        new Float64Array(batch.length),
      ]
      model.predict(theta, predictions, batch)
      assert.closeTo(other.evaluate(batch), loss.evaluate(predictions, adjoint, batch), 1e-10)
      assertClose(other.predictions, predictions, 1e-10)
      const [a, b] = [new Float64Array(batch.length ** 2), new Float64Array(batch.length ** 2)]
      model.tangentKernel(a)
      other.tangentKernel(b)
      assertClose(b, a, 1e-10)
      model.addPullback(-0.5, adjoint, theta)
      other.move(0.5)
    }
    assertClose(other.parameters(), theta, 1e-10)
    assert.throws(() => other.evaluate(new Uint32Array(9)), InvalidInput, /larger than the set/)
  })

  it("works in float32, and refuses what it cannot do", () => {
    const { architecture, features, start } = net({ widths: [40, 30], samples: 8 })
    const loss = meanSquared(normals(8, "targets"))
    const double = sampleDescent({ architecture, features, loss, start })
    const single = sampleDescent({
      architecture,
      features: Float32Array.from(features),
      loss,
      start: Float32Array.from(start),
    })
    double.evaluate()
    single.evaluate()
    assertClose(single.predictions, double.predictions, 1e-4)
    const deep = net({ widths: [4, 3, 2], samples: 8 })
    assert.throws(() => sampleDescent({ ...deep, loss }), InvalidInput, /two layers/)
    assert.throws(() => frozenGates({ ...deep, at: deep.start }), InvalidInput, /two layers/)
  })
})

describe("descentOf", () => {
  it("descends in the samples where they are fewer than the inputs, and in the parameters elsewhere", () => {
    const loss = meanSquared(normals(8, "targets"))
    const formOf = (widths: readonly [number, number], bias: boolean) => {
      const { architecture, features, start } = net({ widths, samples: 8, bias })
      const network = ntkNetwork({ architecture, features })
      const count = { predictions: 0 }
      const predict: typeof network.predict = (...given) => {
        count.predictions++
        network.predict(...given)
      }
      descentOf({ ...network, predict }, loss, start).evaluate()
      return count.predictions === 0 ? "samples" : "parameters"
    }
    assert.deepStrictEqual(
      [formOf([9, 5], false), formOf([8, 5], false), formOf([9, 5], true)],
      ["samples", "parameters", "parameters"],
    )
  })

  it("passes the gates of a quadratic model on", () => {
    const { architecture, features, start } = net({ widths: [40, 30], samples: 8 })
    const loss = meanSquared(normals(8, "targets"))
    const model = frozenGates({ architecture, features, at: start.map((value) => -value) })
    const [one, other] = [descentOf(model, loss, start), parameterDescent(model, loss, start)]
    for (let t = 0; t < 5; t++) {
      assert.closeTo(one.evaluate(), other.evaluate(), 1e-10)
      one.move(0.5)
      other.move(0.5)
    }
  })
})

describe("catapultDescent", () => {
  it("counts the catapults that it forces, and ends fitted", () => {
    const run = catapultDescent(descentOf(task.network, task.loss, task.start), {
      control: raising({ raises: 2 }),
    })
    while (run.outcome() === "running") run.step()
    assert.strictEqual(run.outcome(), "fitted")
    assert.isAtLeast(run.spikes().length, 2)
    assert.isBelow(run.loss(), 1e-3)
    assert.isAbove(run.criticalRate(), 0)
  })

  it("says at which step and ratio it diverged", () => {
    const run = catapultDescent(descentOf(task.network, task.loss, task.start), {
      control: raising({ raises: 0, base: 5 }),
    })
    while (run.outcome() === "running") run.step()
    const failure = run.failure()
    assert.instanceOf(failure, RunDiverged)
    assert.strictEqual(failure?.step, run.steps())
    assert.closeTo(failure?.ratio ?? 0, 5, 1e-9)
    assert.match(failure?.message ?? "", /5 times the critical one; go back and use/)
  })

  it("is held below the critical rate by a cap", () => {
    const run = catapultDescent(descentOf(task.network, task.loss, task.start), {
      control: capped(
        milestones([
          [0, 1],
          [30, 50],
        ]),
      ),
      budget: 200,
    })
    while (run.outcome() === "running") run.step()
    assert.deepStrictEqual(run.spikes(), [])
    assert.isAtMost(run.learningRate(), 0.96 * run.criticalRate())
  })

  it("refuses a network that nothing moves, and a schedule that does not begin", () => {
    const architecture = ntkArchitecture({ widths: [2, 3] })
    const network = ntkNetwork({ architecture, features: new Float64Array(4) })
    const loss = meanSquared(Float64Array.of(1, -1))
    const start = new Float64Array(architecture.dimension)
    assert.throws(() => TangentKernel.criticalRate(network, loss, start), ZeroKernel, /is zero/)
    const run = catapultDescent(descentOf(network, loss, start), {
      control: raising({ raises: 1 }),
    })
    assert.throws(() => run.step(), ZeroKernel)
    assert.throws(() => milestones([[5, 1]]), InvalidInput, /begin with 0/)
    assert.throws(() => milestones([]), InvalidInput, /there must be a rate/)
  })

  it("works on one sample", () => {
    const { architecture, features, network, start } = net({ widths: [3, 5], samples: 1 })
    const loss = sumSquared(Float64Array.of(0.5))
    const kernel = new Float64Array(1)
    network.predict(start, new Float64Array(1))
    network.tangentKernel(kernel)
    assert.closeTo(TangentKernel.criticalRate(network, loss, start), 2 / kernel[0]!, 1e-12)
    const linear = linearised(ntkNetwork({ architecture, features }), start)
    linear.predict(new Float64Array(start.length), new Float64Array(1))
    const same = new Float64Array(1)
    linear.tangentKernel(same)
    assert.closeTo(same[0]!, kernel[0]!, 1e-12)
  })
})

describe("batchDescent", () => {
  it("knows which batches are past their critical rate", () => {
    const critical = TangentKernel.criticalRate(task.network, task.loss, task.start)
    const share = (batchSize: number) => {
      const run = batchDescent(task.network, task.loss, task.start, {
        batchSize,
        update: sgd({ learningRate: 0.8 * critical }),
        seed: Seed.root(1),
        probeEvery: 1,
        epochs: 5,
      })
      while (run.outcome() === "running") run.step()
      return run.supercriticalShare()
    }
    assert.strictEqual(share(160), 0)
    assert.isAbove(share(8), 0.5)
    assert.throws(() => share(161), InvalidInput, /larger than the set/)
  })

  it("knows them by the loss that it is given", () => {
    const critical = TangentKernel.criticalRate(task.network, task.loss, task.start)
    const share = (scale: number) => {
      const loss = meanSquared(task.loss.targets, scale)
      const run = batchDescent(task.network, loss, task.start, {
        batchSize: 20,
        update: sgd({ learningRate: (0.7 * critical) / scale }),
        seed: Seed.root(1),
        probeEvery: 1,
        epochs: 5,
      })
      while (run.outcome() === "running") run.step()
      return run.supercriticalShare()
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
    const shares = forecasts.map(({ supercriticalShare }) => supercriticalShare)
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
})

describe("losses", () => {
  it("know their factors, and the critical rates that follow", () => {
    const { network, start } = net({ widths: [3, 5], samples: 4 })
    const targets = normals(4, "targets")
    const rate = (loss: ReturnType<typeof meanSquared>) =>
      TangentKernel.criticalRate(network, loss, start)
    const mean = rate(meanSquared(targets))
    assert.closeTo(rate(meanSquared(targets, 0.5)), 2 * mean, 1e-12 * mean)
    assert.closeTo(rate(sumSquared(targets)), mean / 2, 1e-12 * mean)
  })

  it("of classes refuse labels of one class, and others than -1 and 1", () => {
    assert.throws(() => logisticLoss(Float64Array.of(1, 1)), InvalidInput, /both classes/)
    assert.throws(() => logisticLoss(Float64Array.of(1, 0)), InvalidInput, /-1 or 1/)
    assert.throws(() => meanSquared(Float64Array.of(1, Number.NaN)), InvalidInput, /finite/)
  })

  it("of classes do not overflow, and have the derivatives that differences show", () => {
    const loss = logisticLoss(Float64Array.of(1, -1, 1))
    const at = (f: ReadonlyArray<number>) => {
      const adjoint = new Float64Array(3)
      return { value: loss.evaluate(Float64Array.from(f), adjoint), adjoint }
    }
    assert.closeTo(at([-800, 800, 3]).value, (1600 + Math.log1p(Math.exp(-3))) / 3, 1e-9)
    const h = 1e-6
    const curvature = new Float64Array(3)
    loss.curvature(Float64Array.of(0.3, 0.7, -2), curvature)
    ;[0, 1, 2].forEach((j) => {
      const moved = (by: number) => at([0.3, 0.7, -2].map((f, i) => (i === j ? f + by : f)))
      const here = moved(0)
      assert.closeTo(here.adjoint[j]!, (moved(h).value - moved(-h).value) / (2 * h), 1e-8)
      const slope = (moved(h).adjoint[j]! - moved(-h).adjoint[j]!) / (2 * h)
      assert.closeTo(curvature[j]!, slope, 1e-8)
    })
  })

  it("start with signs where the companion paper does", () => {
    const architecture = ntkArchitecture({ widths: [2, 4] })
    const start = signedStart(architecture, Seed.root(1))
    assert.isTrue(start.subarray(8).every((a) => Math.abs(a) === 1))
  })
})
