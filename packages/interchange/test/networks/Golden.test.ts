/**
 * Networks written by PyTorch, Keras, ONNX and TensorFlow.js: outputs agree with theirs, and derivatives with PyTorch's.
 * golden/make.py wrote them.
 */
import { Vector } from "@nonconvex/numerics"
import { network } from "@nonconvex/problems"
import * as Loss from "@nonconvex/problems/network/Loss"
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import type { Model } from "../../src/networks/Model.ts"
import { tensorsAt } from "../../src/networks/Model.ts"
import { folder, inOurOrder, modelOf, samples } from "../support/Models.ts"

interface Golden {
  readonly outputs: ReadonlyArray<number>
  readonly labels: ReadonlyArray<number>
  readonly loss: number
  readonly gradient: Readonly<Record<string, ReadonlyArray<number>>>
  readonly product: Readonly<Record<string, ReadonlyArray<number>>>
}
const golden = JSON.parse(readFileSync(`${folder}golden.json`, "utf8")) as Readonly<
  Record<string, Golden>
>

const networkOf = (model: Model, labels: ReadonlyArray<number> = [0, 0, 0, 0]) =>
  network({
    features: inOurOrder(model, samples(model)),
    dimension: model.architecture.inputs,
    architecture: model.architecture,
    loss: Loss.crossEntropy(labels),
  })

const outputsOf = (model: Model): Float64Array => {
  const out = new Float64Array(4 * model.architecture.outputs)
  networkOf(model).predict(model.parameters, inOurOrder(model, samples(model)), out)
  return out
}

/** Removes the constant that softmax leaves undetermined in each row. */
const centred = (outputs: Float64Array): Float64Array => {
  const width = outputs.length / 4
  return outputs.map((value, k) => {
    const row = Math.floor(k / width) * width
    return value - outputs.subarray(row, row + width).reduce((sum, each) => sum + each, 0) / width
  })
}

/** Files, their descriptions, and the program whose outputs they must reproduce. */
const files: ReadonlyArray<readonly [file: string, description: string | undefined, of: string]> = [
  ["mlp-tanh.safetensors", "mlp-tanh", "mlp-tanh"],
  ["mlp-gelu.safetensors", "mlp-gelu", "mlp-gelu"],
  ["conv.safetensors", "conv", "conv"],
  ["conv.npz", "conv", "conv"],
  ["residual.safetensors", "residual", "residual"],
  ["half.safetensors", "mlp-tanh", "half"],
  ["mlp-tanh.onnx", undefined, "mlp-tanh.onnx"],
  ["mlp-gelu.onnx", undefined, "mlp-gelu.onnx"],
  ["mlp-gelu-20.onnx", undefined, "mlp-gelu-20.onnx"],
  ["conv.onnx", undefined, "conv.onnx"],
  ["residual.onnx", undefined, "residual.onnx"],
  ["residual-20.onnx", undefined, "residual-20.onnx"],
  ["external.onnx", undefined, "external.onnx"],
  ["mlp.keras", undefined, "mlp.keras"],
  ["mlp.h5", undefined, "mlp.h5"],
  ["keras.npz", "keras", "mlp.keras"],
  ["conv.keras", undefined, "conv.keras"],
  ["residual.keras", undefined, "residual.keras"],
  ["residual.h5", undefined, "residual.h5"],
]

describe("forward passes", () => {
  it.each(files)("%s", async (file, description, of) => {
    const model = await modelOf(file, description)
    const [found, expected] = [outputsOf(model), Float64Array.from(golden[of]!.outputs)].map(
      (each) => (file.startsWith("mlp.") || file.startsWith("keras") ? centred(each) : each),
    )
    assert.strictEqual(found!.length, expected!.length)
    // 1e-5 of outputs of size 1, which are of float32
    assert.isAtMost(Vector.maxAbs(found!.map((value, k) => value - expected![k]!)), 1e-5)
    assert.isAbove(Vector.maxAbs(expected!), 0.1)
  })

  it("tfjs/model.json", async () => {
    const model = await modelOf("tfjs/model.json")
    const { outputs } = JSON.parse(readFileSync(`${folder}tfjs/golden.json`, "utf8")) as Golden
    const found = outputsOf(model)
    assert.strictEqual(found.length, outputs.length)
    for (const [k, value] of found.entries()) assert.approximately(value, outputs[k]!, 1e-5)
  })
})

/** A vector over the parameters that is a wave along each tensor, as in make.py. */
const waves = (model: Model): Float64Array => {
  const out = new Float64Array(model.parameters.length)
  for (const { places } of model.tensors) {
    for (const [k, place] of places.entries()) out[place] = Math.cos(0.9 * (k + 1))
  }
  return out
}

describe("derivatives, as PyTorch has them in float64", () => {
  it.each(["mlp-tanh", "mlp-gelu", "conv", "residual"])("%s", async (name) => {
    const { gradient, labels, loss, product } = golden[name]!
    const compare = (model: Model, known: (tensor: string) => boolean): void => {
      const objective = networkOf(model, labels)
      const [slope, turn] = [0, 1].map(() => new Float64Array(objective.dimension))
      const value = objective.valueAndGradient(model.parameters, slope!)
      assert.approximately(value, loss, 1e-12)
      objective.hessianVector(model.parameters, waves(model), turn!)
      for (const [at, expected] of [
        [slope!, gradient],
        [turn!, product],
      ] as const) {
        for (const { name: tensor, values } of tensorsAt(model, at)) {
          assert.isTrue(known(tensor), tensor)
          const wanted = Float64Array.from(expected[tensor]!)
          // twelve digits are kept of each number
          assert.isAtMost(
            Vector.distance(values, wanted),
            1e-10 * (1 + Vector.norm(wanted)),
            tensor,
          )
        }
      }
    }
    const model = await modelOf(`${name}.safetensors`, name)
    assert.deepStrictEqual(
      model.tensors.map((tensor) => tensor.name).toSorted(),
      Object.keys(product).toSorted(),
    )
    compare(model, (tensor) => product[tensor] !== undefined)
    // the same of the graph, which has the names too
    compare(await modelOf(`${name}.onnx`), (tensor) => product[tensor] !== undefined)
  })
})
