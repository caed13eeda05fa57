import { InvalidInput, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { descentOf, meanSquared, ntkNetwork, parameterDescent } from "../../src/index.ts"
import { net, normals } from "../support/Nets.ts"
import { frozenGates } from "../../src/network/QuadraticModel.ts"
import { sampleDescent } from "../../src/descent/SampleDescent.ts"

const assertClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) => {
  for (let i = 0; i < expected.length; i++) {
    assert.closeTo(actual[i]!, expected[i]!, tolerance * Math.max(1, Math.abs(expected[i]!)))
  }
}

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

describe("a look after a step", () => {
  const forms = [
    { form: "parameters", inputs: 3, samples: 8 },
    { form: "parameters", inputs: 8, samples: 3 },
    { form: "samples", inputs: 8, samples: 3 },
  ] as const
  it.each(forms)("is at where `evaluate` looked: %o", ({ form, inputs, samples }) => {
    const { network, start } = net({ widths: [inputs, 16], samples })
    const loss = meanSquared(normals(samples, "targets"))
    const descent = (form === "samples" ? descentOf : parameterDescent)(network, loss, start)
    const [before, after] = [new Float64Array(samples ** 2), new Float64Array(samples ** 2)]
    descent.evaluate()
    descent.tangentKernel(before)
    const rate = descent.criticalRate()
    // not from what the first look left
    descent.evaluate()
    descent.move(rate)
    descent.tangentKernel(after)
    assertClose(after, before, 1e-12)
    assert.closeTo(descent.criticalRate() / rate, 1, 1e-12)
    descent.evaluate()
    descent.tangentKernel(after)
    assert.isAbove(Vector.distance(after, before), 1e-3)
  })

  it("does not take the gradients in the inputs of weights that have moved", () => {
    const { network, start } = net({ widths: [3, 16], samples: 8 })
    const placed = network.place(start)
    const [predictions, gradients] = [new Float64Array(8), new Float64Array(24)]
    network.predict(placed, predictions)
    network.addPullback(-0.1, predictions, placed)
    assert.throws(() => network.inputGradients(gradients), InvalidInput, /predict again/)
    network.predict(placed, predictions)
    network.inputGradients(gradients)
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
