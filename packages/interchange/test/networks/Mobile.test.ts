/** Depthwise convolutions, padding and ReLU6 of a network that PyTorch exported; golden/mobile.py wrote it. */
import { Vector } from "@nonconvex/numerics"
import { network } from "@nonconvex/problems"
import * as Loss from "@nonconvex/problems/network/Loss"
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { tensorsAt } from "../../src/networks/Model.ts"
import { folder, inOurOrder, modelOf, samples } from "../support/Models.ts"

type Numbers = Readonly<Record<string, ReadonlyArray<number>>>
const golden = JSON.parse(readFileSync(`${folder}mobile.json`, "utf8")) as {
  readonly outputs: ReadonlyArray<number>
  readonly loss: number
  readonly gradient: Numbers
  readonly direction: Numbers
  readonly product: Numbers
}

describe.each(["mobile.onnx", "mobile-padded.onnx"])("%s", (file) => {
  it("has the outputs, the gradient and the product of PyTorch", async () => {
    const model = await modelOf(file)
    const { architecture, parameters, tensors } = model
    const features = inOurOrder(model, samples(model))
    const objective = network({
      features,
      dimension: architecture.inputs,
      architecture,
      loss: Loss.crossEntropy([0, 2, 1, 2]),
    })
    const outputs = new Float64Array(golden.outputs.length)
    objective.predict(parameters, features, outputs)
    assert.isAtMost(Vector.distance(outputs, Float64Array.from(golden.outputs)), 1e-5)
    const [gradient, direction, product] = [0, 1, 2].map(() => new Float64Array(parameters.length))
    assert.closeTo(objective.valueAndGradient(parameters, gradient!), golden.loss, 1e-6)
    for (const { name, places } of tensors) {
      for (const [k, place] of places.entries()) direction![place] = golden.direction[name]![k]!
    }
    objective.hessianVector(parameters, direction!, product!)
    for (const [found, wanted] of [
      [gradient!, golden.gradient],
      [product!, golden.product],
    ] as const) {
      for (const { name, values } of tensorsAt(model, found)) {
        const expected = Float64Array.from(wanted[name]!)
        const largest = 1e-5 * (1 + Vector.norm(expected))
        assert.isAtMost(Vector.distance(values, expected), largest, name)
      }
    }
    assert.deepStrictEqual(
      tensors.map(({ name }) => name).toSorted(),
      Object.keys(golden.product).toSorted(),
    )
  })

  it("says that batch normalisation may have been merged", async () => {
    const { notes } = await modelOf(file)
    assert.match(notes.join(), /merged it into the convolutions/)
  })
})
