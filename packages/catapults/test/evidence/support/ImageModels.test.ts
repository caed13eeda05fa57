import { Kernels, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { predictions, train } from "../../../src/evidence/support/ImageModels.ts"
import { linearInSamples } from "../../../src/evidence/support/LinearInSamples.ts"
import { meanSquared } from "../../../src/index.ts"
import { net, normals } from "../../support/Nets.ts"
import { frozenGates } from "../../../src/network/QuadraticModel.ts"
import { linearised } from "../../support/Linearised.ts"

const kernels = Kernels.strict()

const assertClose = (actual: Float64Array, expected: Float64Array) => {
  for (let i = 0; i < expected.length; i++) assert.closeTo(actual[i]!, expected[i]!, 1e-10)
}

describe("linearInSamples", () => {
  it("takes the steps of the linear model that is written out", () => {
    const { architecture, features, network, start } = net({ widths: [5, 7], samples: 6 })
    const loss = meanSquared(normals(6, "targets"))
    const model = linearInSamples({ architecture, features, kernels, loss, start })
    const reference = linearised(network, start)
    const moved = new Float64Array(start.length)
    for (const batch of [[0, 3], [5, 1, 2], [4], [0, 1, 2, 3, 4, 5]].map((b) =>
      Uint32Array.from(b),
    )) {
      const [out, adjoint] = [new Float64Array(batch.length), new Float64Array(batch.length)]
      reference.predict(moved, out, batch)
      assert.closeTo(model.evaluate(batch), loss.evaluate(out, adjoint, batch), 1e-12)
      reference.addPullback(-0.5, adjoint, moved)
      model.move(0.5)
    }
    assertClose(
      model.parameters(),
      start.map((value, i) => value + moved[i]!),
    )
  })
})

describe("predictions", () => {
  const { architecture, features, network, start } = net({ widths: [4, 6], samples: 250 })
  const points = [1, 2].map((k) => start.map((value, i) => value + 0.1 * Math.sin(k * i)))
  const references = {
    network: (point: Float64Array, out: Float64Array) => network.predict(point, out),
    "quadratic model": (point: Float64Array, out: Float64Array) =>
      frozenGates({ architecture, features, at: start }).predict(point, out),
    "linear model": (point: Float64Array, out: Float64Array) =>
      linearised(network, start).predict(
        point.map((value, i) => value - start[i]!),
        out,
      ),
  } as const

  it.each(["network", "quadratic model", "linear model"] as const)(
    "of the %s are those on all images at once",
    (model) => {
      const found = predictions(model, { architecture, features, kernels, start }, points)
      points.forEach((point, k) => {
        const expected = new Float64Array(250)
        references[model](point, expected)
        assertClose(found[k]!, expected)
      })
    },
  )
})

describe("train", () => {
  it("says whether a run fits, runs out of epochs, or is lost", () => {
    const { architecture, features, network, start } = net({ widths: [5, 7], samples: 6 })
    const loss = meanSquared(normals(6, "targets"))
    const out = new Float64Array(6)
    network.predict(start, out)
    const outcome = (rate: number, epochs: number) => {
      const model = linearInSamples({ architecture, features, kernels, loss, start })
      const options = { batchSize: 3, epochs, tolerance: 1e-3 }
      return train(model, rate, options, Seed.root(1))
    }
    const fitted = outcome(0.5, 20_000)
    assert.strictEqual(fitted.outcome, "fitted")
    assert.isBelow(fitted.epochs, 20_000)
    assert.deepStrictEqual([outcome(0.5, 1).outcome, outcome(0.5, 1).epochs], ["budget", 1])
    const lost = outcome(100, 100)
    assert.deepStrictEqual([lost.outcome, lost.peak], ["diverged", Number.POSITIVE_INFINITY])
  })
})
