import { InvalidInput, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { network } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { assert, describe, it } from "vitest"
import { type Diagnosis, type Observation, spikeMonitor } from "../../src/monitor/SpikeMonitor.ts"
import * as Theory from "../../src/theory/index.ts"
import { scaled } from "../support/Curvatures.ts"

/** A two-layer linear network on a few samples: gradient descent on it, step by step, with every measurement. */
const run = (options: {
  readonly multiple: number
  readonly steps: number
  readonly observe: (observation: Observation) => Diagnosis | undefined
  /** Multiplies the gradient of one step: what a bad batch does. */
  readonly corrupt?: number
  readonly strip?: (observation: Observation) => Observation
}): ReadonlyArray<Diagnosis> => {
  const [dimension, size, width] = [4, 6, 1024]
  const stream = RandomStream.make(Seed.root(5))
  const features = new Float64Array(size * dimension)
  stream.fillNormal(features)
  const targets = new Float64Array(size)
  stream.fillNormal(targets)
  const objective = network({
    features,
    dimension,
    architecture: Architecture.make({
      widths: [dimension, width, 1],
      activation: "identity",
      bias: false,
    }),
    loss: Loss.squared(targets),
  })
  const point = new Float64Array(objective.dimension)
  stream.fillNormal(point)
  // the first layer as wide as a unit, so that a catapult has room
  Vector.scale(dimension ** -0.5, point)
  Vector.scale(width ** -0.5, point.subarray(dimension * width))
  const gradient = new Float64Array(point.length)
  const curvature = {
    operator: (v: Float64Array, out: Float64Array) => objective.hessianVector(point, v, out),
    dimension: objective.dimension,
  }
  const probe = spikeMonitor({ probeEvery: 1 })
  probe.observe({ step: 0, loss: objective.valueAndGradient(point, gradient), curvature })
  const learningRate = options.multiple * probe.status().criticalRate!
  const found: Array<Diagnosis> = []
  const { strip = (observation) => observation } = options
  for (let step = 0; step < options.steps; step++) {
    const loss = objective.valueAndGradient(point, gradient)
    const observation: Observation = { step, loss, learningRate, gradient, curvature }
    const diagnosis = options.observe(strip(observation))
    if (diagnosis !== undefined) found.push(diagnosis)
    if (!(loss < 1e12)) break
    const factor = step === 40 ? (options.corrupt ?? 1) : 1
    Vector.axpy(-learningRate * factor, gradient, point)
  }
  return found
}

const lossesOnly = ({ loss, step }: Observation): Observation => ({ step, loss })

describe("spikeMonitor", () => {
  it("calls a catapult one, with the curvature before and after, and advises the next rate", () => {
    const monitor = spikeMonitor()
    const found = run({ multiple: 1.3, steps: 200, observe: monitor.observe })
    assert.deepStrictEqual(
      found.map(({ confidence, kind }) => [kind, confidence]),
      [["catapult", "measured"]],
    )
    const { advice, evidence, summary } = found[0]!
    assert.closeTo(evidence.ratio!, 1.3, 0.1)
    assert.isBelow(evidence.curvatureRatio!, 0.8)
    assert.isAbove(evidence.past!, 1)
    assert.strictEqual(advice.action, "next catapult")
    assert.closeTo(advice.learningRate! / advice.criticalRate!, 1.3, 1e-12)
    assert.isBelow(advice.expectedDrop![0], advice.expectedDrop![1])
    assert.match(
      summary,
      /^catapult \(measured\) at step \d+: .* in the top|^catapult \(measured\)/,
    )
  })

  it("is less sure without the curvature, and does not know from the losses alone", () => {
    const gradients = run({
      multiple: 1.3,
      steps: 200,
      observe: spikeMonitor().observe,
      strip: ({ gradient, learningRate, loss, step }) => ({
        step,
        loss,
        ...(learningRate !== undefined && { learningRate }),
        ...(gradient !== undefined && { gradient }),
      }),
    })
    assert.deepStrictEqual(
      gradients.map(({ confidence, kind }) => [kind, confidence]),
      [["catapult", "likely"]],
    )
    const losses = run({
      multiple: 1.3,
      steps: 200,
      observe: spikeMonitor().observe,
      strip: lossesOnly,
    })
    assert.deepStrictEqual(
      losses.map(({ confidence, kind }) => [kind, confidence]),
      [["unresolved", "guess"]],
    )
    assert.strictEqual(losses[0]!.advice.learningRate, undefined)
  })

  it("calls a divergence one, and advises a rate below the critical one of before", () => {
    for (const strip of [(o: Observation) => o, lossesOnly]) {
      const monitor = spikeMonitor()
      const found = run({ multiple: 4, steps: 200, observe: monitor.observe, strip })
      assert.deepStrictEqual(
        found.map(({ advice, kind }) => [kind, advice.action]),
        [["divergence", "roll back"]],
      )
      assert.strictEqual(monitor.finish(), undefined)
    }
  })

  it("calls a kick by bad data a data spike where it was measured, and from losses alone nothing", () => {
    for (const [strip, ...said] of [
      [(o: Observation) => o, "data spike", "inspect the batch"],
      [lossesOnly, "unresolved", "measure"],
    ] as const) {
      const found = run({
        multiple: 0.3,
        steps: 400,
        observe: spikeMonitor().observe,
        corrupt: -60,
        strip,
      })
      assert.deepStrictEqual(
        found.map(({ advice, kind }) => [kind, advice.action]),
        [said],
      )
    }
  })

  it("believes the test of the batch", () => {
    const monitor = spikeMonitor()
    const losses = [4, 2, 1, 3, 9, 20, 2, 0.9]
    const found = losses.flatMap(
      (loss, step) =>
        monitor.observe({
          step,
          loss,
          ...(step === 3 ? { batchTest: { suspicious: 40, control: 2 } } : {}),
        }) ?? [],
    )
    assert.deepStrictEqual(
      found.map(({ confidence, evidence, kind }) => [kind, confidence, evidence.batchRatio]),
      [["data spike", "measured", 20]],
    )
  })

  it("tells the edge of stability where the curvature is at the limit, and says nothing of noise", () => {
    const kinds = (curvature: number) => {
      const monitor = spikeMonitor()
      return [3, 2, 1, 1.2, 1.1, 0.9].flatMap(
        (loss, step) =>
          monitor.observe({ step, loss, learningRate: 0.1, curvature: scaled(curvature) }) ?? [],
      )
    }
    assert.deepStrictEqual(
      kinds(19.9).map(({ kind }) => kind),
      ["edge of stability"],
    )
    assert.deepStrictEqual(kinds(10), [])
  })

  it("tells a numerical failure from growth, and a spike that has not ended", () => {
    const failing = spikeMonitor()
    const nan = [3, 2, 1, Number.NaN].flatMap((loss, step) => failing.observe({ step, loss }) ?? [])
    assert.deepStrictEqual(
      nan.map(({ kind }) => kind),
      ["numeric failure"],
    )
    const cut = spikeMonitor()
    for (const [step, loss] of [3, 2, 1, 4, 8].entries()) cut.observe({ step, loss })
    assert.strictEqual(cut.finish()?.kind, "unresolved")
  })

  it("averages noisy losses where it is asked to", () => {
    const stream = RandomStream.make(Seed.root(1))
    const noisy = Array.from({ length: 400 }, (_, t) => Math.exp(-t / 200 + 0.5 * stream.normal()))
    const count = (smoothing: number) => {
      const monitor = spikeMonitor({ smoothing, threshold: 2 })
      return noisy.filter((loss, step) => monitor.observe({ step, loss }) !== undefined).length
    }
    assert.isAbove(count(0), 5)
    assert.strictEqual(count(20), 0)
  })

  it("takes inner products in place of gradients", () => {
    const vectors = [
      [1, 0],
      [-1.5, 0],
      [2.25, 0],
    ] as const
    const byGradient = spikeMonitor()
    const byProduct = spikeMonitor()
    vectors.forEach(([x], step) => {
      byGradient.observe({ step, loss: x * x, gradient: Float64Array.of(x, 0) })
      const before = vectors[step - 1]?.[0] ?? 0
      byProduct.observe({
        step,
        loss: x * x,
        products: { squaredNorm: x * x, withPrevious: x * before },
      })
    })
    assert.strictEqual(byGradient.status().sharpness, 2.5)
    assert.strictEqual(byProduct.status().sharpness, 2.5)
    assert.strictEqual(byProduct.status().atRisk, true)
    assert.strictEqual(Theory.directionalSharpness(4, -6), 2.5)
  })

  it("calls a catapult of momentum one, by gradients alone", () => {
    const beta = 0.5
    const point = [1, 0.01] as [number, number]
    const velocity = [0, 0]
    const kernel = () => point[0] ** 2 + point[1] ** 2
    const before = kernel()
    const critical = Theory.criticalRateOfCurvature(before, beta)
    const learningRate = 1.1 * critical
    const monitor = spikeMonitor({ momentum: beta })
    const found: Array<Diagnosis> = []
    // |f|^2 / 2 of the linear network f = w1 w2
    for (let step = 0; step < 300 && found.length === 0; step++) {
      const f = point[0] * point[1]
      const gradient = Float64Array.of(f * point[1], f * point[0])
      const diagnosis = monitor.observe({ step, loss: f ** 2 / 2, learningRate, gradient })
      if (diagnosis?.spike.onset !== undefined) found.push(diagnosis)
      for (const i of [0, 1] as const) {
        velocity[i] = beta * velocity[i]! + gradient[i]!
        point[i] -= learningRate * velocity[i]
      }
    }
    assert.isBelow(kernel(), 0.8 * before)
    assert.deepStrictEqual(
      found.map(({ confidence, kind }) => [kind, confidence]),
      [["catapult", "likely"]],
    )
    assert.closeTo(found[0]!.advice.criticalRate! / critical, 1, 0.1)
  })

  it("goes through the first steps of a warm-up, whose rate is 0", () => {
    const monitor = spikeMonitor()
    const found = [3, 2, 1, 4, 1].flatMap(
      (loss, step) => monitor.observe({ step, loss, learningRate: 0, curvature: scaled(2) }) ?? [],
    )
    assert.deepStrictEqual(
      found.map(({ evidence }) => evidence.ratio),
      [undefined],
    )
    assert.isFalse(monitor.status().atRisk)
  })

  it("says what rose from a minimum of 0", () => {
    const monitor = spikeMonitor()
    const found = [1, 0.5, 0, 0.01, 0].flatMap(
      (loss, step) => monitor.observe({ step, loss }) ?? [],
    )
    assert.strictEqual(found.length, 1)
    assert.match(found[0]!.summary, /at step 3: risen from a loss of 0;/)
  })

  it("counts no sharpness of the way back", () => {
    const monitor = spikeMonitor()
    const found = [
      [2, 1],
      [1, 0],
      [4, -1.5],
      [0.5, -50],
    ].flatMap(
      ([loss, withPrevious], step) =>
        monitor.observe({
          step,
          loss: loss!,
          products: { squaredNorm: 1, withPrevious: withPrevious! },
        }) ?? [],
    )
    assert.deepStrictEqual(
      found.map(({ evidence }) => [evidence.sharpest, evidence.past]),
      [[1.25, 1]],
    )
  })

  it("refuses steps that do not increase and options out of range", () => {
    const monitor = spikeMonitor()
    monitor.observe({ step: 5, loss: 1 })
    assert.throws(() => monitor.observe({ step: 5, loss: 1 }), InvalidInput, /steps must increase/)
    assert.throws(() => monitor.observe({ step: 6, loss: 1, learningRate: -1 }), InvalidInput)
    assert.throws(() => spikeMonitor({ momentum: -1 }), InvalidInput, /momentum/)
    assert.throws(() => spikeMonitor({ threshold: 1 }), InvalidInput, /threshold/)
    assert.throws(() => spikeMonitor({ probeEvery: 0 }), InvalidInput, /probeEvery/)
  })
})
