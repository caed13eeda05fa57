import { assert, describe, it } from "vitest"
import { diagnoseLog } from "../../src/diagnosis/Diagnosis.ts"
import {
  type Diagnosis,
  type MonitorOptions,
  type Observation,
  spikeMonitor,
} from "../../src/monitor/SpikeMonitor.ts"
import { scaled } from "../support/Curvatures.ts"

describe("the rules", () => {
  it("say of a run that is watched what they say of its log", () => {
    const losses = Float64Array.of(4, 2, 1, 3, 9, 20, 2, 0.9, 0.8)
    const sharpness = Float64Array.of(15, 18, 23, 24, 25, 22, 12, 11, 11)
    const monitor = spikeMonitor({ probeEvery: 1 })
    const watched = Array.from(losses, (loss, step) =>
      monitor.observe({ step, loss, learningRate: 0.1, curvature: scaled(sharpness[step]!) }),
    ).filter((found) => found !== undefined)
    const { events } = diagnoseLog({
      steps: losses.map((_, step) => step),
      losses,
      learningRates: losses.map(() => 0.1),
      sharpness,
      optimizer: { name: "sgd" },
    })
    const of = ({
      because,
      confidence,
      kind,
    }: Pick<Diagnosis, "because" | "confidence" | "kind">) => [
      kind,
      confidence,
      because.split(",")[0],
    ]
    const said = [
      "catapult",
      "measured",
      "before the rise the learning rate was 1.2 times the critical rate",
    ]
    assert.deepStrictEqual([watched.map(of), events.map(of)], [[said], [said]])
  })

  it("tell an instability that has not ended from one that has", () => {
    const monitor = spikeMonitor({ probeEvery: 1 })
    const losses = [4, 2, 1, 3, 9, 20]
    losses.forEach((loss, step) => {
      monitor.observe({ step, loss, learningRate: 0.1, curvature: scaled(24) })
    })
    const found = monitor.finish()!
    assert.deepStrictEqual([found.kind, found.advice.action], ["instability", "roll back"])
    assert.closeTo(found.advice.learningRate!, (0.9 * 2) / 24, 1e-12)
  })

  it("says from a stable rate and from the test of the batch that a jump past every bound was the data", () => {
    const lost = (batchTest?: { readonly suspicious: number; readonly control: number }) => {
      const monitor = spikeMonitor()
      return [1, 0.8, 2.4e6].flatMap((loss, step) => {
        const isJump = batchTest !== undefined && step === 2
        const observation = { step, loss, learningRate: 0.1, curvature: scaled(2) }
        return monitor.observe({ ...observation, ...(isJump ? { batchTest } : {}) }) ?? []
      })
    }
    assert.deepStrictEqual(
      [lost({ suspicious: 2e6, control: 0.7 }), lost()].map(([found]) => [
        found!.kind,
        found!.confidence,
        found!.advice.learningRate,
      ]),
      [
        ["data spike", "measured", undefined],
        ["data spike", "likely", undefined],
      ],
    )
  })

  it("halves the rate in use where a divergence has no critical rate below it", () => {
    const monitor = spikeMonitor()
    const found = [1, 0.8, 2, 2000, 2e6].flatMap(
      (loss, step) =>
        monitor.observe({ step, loss, learningRate: 0.1, curvature: scaled(2) }) ?? [],
    )
    assert.deepStrictEqual(
      found.map(({ advice, kind }) => [kind, advice.learningRate]),
      [["divergence", 0.05]],
    )
  })

  it("does not call a rate far past the critical one a numerical failure", () => {
    const monitor = spikeMonitor()
    const found = [1, 0.9, Number.NaN].flatMap(
      (loss, step) => monitor.observe({ step, loss, learningRate: 50, curvature: scaled(2) }) ?? [],
    )
    assert.deepStrictEqual(
      found.map(({ advice, confidence, kind }) => [kind, confidence, advice.learningRate]),
      [["divergence", "measured", 0.9]],
    )
  })

  it("measures nothing of preconditioned steps by the plain curvature", () => {
    const spike = (options: MonitorOptions, seen: Partial<Observation>) => {
      const monitor = spikeMonitor(options)
      return [3, 2, 1, 2, 5, 9, 3, 0.9].flatMap(
        (loss, step) =>
          monitor.observe({ step, loss, learningRate: 0.1, curvature: scaled(1), ...seen }) ?? [],
      )[0]
    }
    const blind = spike({ steps: "preconditioned" }, {})!
    assert.strictEqual(blind.confidence, "guess")
    assert.strictEqual(blind.evidence.ratio, undefined)
    assert.strictEqual(blind.advice.learningRate, undefined)
    const seeing = spike({ steps: "preconditioned" }, { preconditioned: scaled(10) })!
    assert.deepStrictEqual([seeing.kind, seeing.confidence], ["data spike", "measured"])
    const alternating = spikeMonitor({ steps: "preconditioned" })
    const found = [1, -1.5, 2.25, -3.4, 0.5, 0.2].flatMap(
      (g, step) =>
        alternating.observe({
          step,
          loss: step === 5 ? 0.01 : g * g,
          learningRate: 0.1,
          gradient: Float64Array.of(g),
          curvature: scaled(1),
        }) ?? [],
    )
    assert.deepStrictEqual(
      found.map(({ advice, confidence, kind }) => [kind, confidence, advice.action]),
      [["optimizer mismatch", "likely", "lower the rate"]],
    )
    assert.notMatch(found[0]!.summary, /NaN/)
  })
})
