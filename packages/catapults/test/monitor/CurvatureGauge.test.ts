import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { spikeMonitor } from "../../src/monitor/SpikeMonitor.ts"
import { scaled } from "../support/Curvatures.ts"

describe("the curvatures of a monitor", () => {
  it("tells an optimizer whose preconditioner lags", () => {
    const monitor = spikeMonitor()
    const found = [3, 2, 1, 2, 5, 9, 3, 0.9].flatMap(
      (loss, step) =>
        monitor.observe({
          step,
          loss,
          learningRate: 0.1,
          curvature: scaled(1),
          preconditioned: scaled(25),
        }) ?? [],
    )
    assert.deepStrictEqual(
      found.map(({ kind }) => kind),
      ["optimizer mismatch"],
    )
    assert.closeTo(found[0]!.evidence.ratio!, 25 / 20, 1e-9)
  })

  it("looks at the preconditioned curvature as at the plain one, and needs no other", () => {
    const products = { plain: 0, preconditioned: 0 }
    const counted = (name: keyof typeof products, factor: number) => ({
      operator: (v: Float64Array, out: Float64Array) => {
        products[name]++
        for (let i = 0; i < v.length; i++) out[i] = factor * v[i]!
      },
      dimension: 3,
    })
    const calm = spikeMonitor({ probeEvery: 5 })
    for (let step = 0; step < 50; step++) {
      calm.observe({
        step,
        loss: 50 - step,
        learningRate: 0.1,
        curvature: counted("plain", 1),
        preconditioned: counted("preconditioned", 1),
      })
    }
    assert.isAbove(products.plain, 9)
    assert.strictEqual(products.preconditioned, products.plain)
    const alone = spikeMonitor()
    const found = [3, 2, 1, 9, 3, 0.9].flatMap(
      (loss, step) =>
        alone.observe({ step, loss, learningRate: 0.1, preconditioned: scaled(25) }) ?? [],
    )
    assert.deepStrictEqual(
      found.map(({ confidence, kind }) => [kind, confidence]),
      [["optimizer mismatch", "measured"]],
    )
    assert.closeTo(alone.status().criticalRate!, 2 / 25, 1e-9)
    assert.isTrue(alone.status().atRisk)
  })

  it("does not take a look that did not converge for a measurement", () => {
    const stream = RandomStream.make(Seed.root(3))
    // another matrix at each product: nothing is an eigenvector
    const hard = {
      operator: (v: Float64Array, out: Float64Array) => {
        for (let i = 0; i < v.length; i++) out[i] = stream.normal() * v[i]!
      },
      dimension: 200,
    }
    const monitor = spikeMonitor()
    monitor.observe({ step: 0, loss: 1, learningRate: 0.1, curvature: hard })
    assert.strictEqual(monitor.status().criticalRate, undefined)
  })
})
