/**
 * Transformers of PyTorch, by both of its exporters, against its own derivatives in float64; golden/transformer.py wrote them.
 * Products are compared by numbers that no order of the parameters changes.
 */
import { Vector } from "@nonconvex/numerics"
import { network } from "@nonconvex/problems"
import * as Loss from "@nonconvex/problems/network/Loss"
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { folder, inOurOrder, modelOf } from "../support/Models.ts"

const golden = JSON.parse(readFileSync(`${folder}transformers/golden.json`, "utf8")) as Readonly<
  Record<
    string,
    {
      readonly inputs: ReadonlyArray<number>
      readonly outputs: ReadonlyArray<number>
      readonly parameters: number
      readonly loss: number
      readonly gg: number
      readonly gHg: number
      readonly gHHg: number
      readonly trace: number
    }
  >
>
const files = Object.keys(golden).flatMap((name) => [
  [`${name}-new`, name] as const,
  [`${name}-old`, name] as const,
])

describe.each(files)("%s", (file, name) => {
  const wanted = golden[name]!

  it("has the outputs, the gradient, the products and the trace of PyTorch", async () => {
    const model = await modelOf(`transformers/${file}.onnx`)
    const { architecture, parameters } = model
    assert.strictEqual(parameters.length, wanted.parameters)
    const features = inOurOrder(model, Float64Array.from(wanted.inputs))
    const objective = network({
      features,
      dimension: architecture.inputs,
      architecture,
      loss: Loss.crossEntropy([0, 2, 1, 2]),
    })
    const outputs = new Float64Array(wanted.outputs.length)
    objective.predict(parameters, features, outputs)
    // files hold float32
    assert.isAtMost(Vector.maxAbs(outputs.map((value, k) => value - wanted.outputs[k]!)), 1e-6)
    const [g, product, unit] = [0, 1, 2].map(() => new Float64Array(parameters.length))
    assert.closeTo(objective.valueAndGradient(parameters, g!), wanted.loss, 1e-6)
    objective.hessianVector(parameters, g!, product!)
    const near = (found: number, expected: number) =>
      assert.closeTo(found / expected, 1, 1e-5, `${found} instead of ${expected}`)
    near(Vector.dot(g!, g!), wanted.gg)
    near(Vector.dot(g!, product!), wanted.gHg)
    near(Vector.dot(product!, product!), wanted.gHHg)
    let trace = 0
    for (let i = 0; i < parameters.length; i++) {
      unit!.fill(0)[i] = 1
      objective.hessianVector(parameters, unit!, product!)
      trace += product![i]!
    }
    near(trace, wanted.trace)
  })
})
