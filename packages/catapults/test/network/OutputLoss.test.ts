import { InvalidInput, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { signedStart } from "../../src/network/NtkArchitecture.ts"
import { sumSquared, logisticLoss } from "../../src/network/OutputLoss.ts"
import { meanSquared, ntkArchitecture, TangentKernel } from "../../src/index.ts"
import { net, normals } from "../support/Nets.ts"

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
