import { InvalidInput, Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import { assert, describe, it } from "vitest"
import { type Design, designed, nameOf } from "../../../src/evidence/support/ImageDesigns.ts"
import { layeredModel } from "../../../src/evidence/support/LayeredModel.ts"
import { normalStart, ntkArchitecture, ntkNetwork } from "../../../src/index.ts"

const kernels = Kernels.strict()
const [samples, inputs] = [5, 36]
const features = RandomStream.make(Seed.root(1)).normals(samples * inputs)

const layered = [
  { kind: "convolutional", channels: 2, layers: 2 },
  { kind: "residual", channels: 2, blocks: 2 },
] as const satisfies ReadonlyArray<Design>

const predictions = (of: Design, move: number, direction: Float64Array) => {
  const { model, parameters } = designed(of, { features, inputs }, Seed.root(2), kernels)
  const out = new Float64Array(samples)
  model.predict(
    parameters.map((value, j) => value + move * direction[j]!),
    out,
  )
  return out
}

describe("designed", () => {
  it.each(layered)("has the derivatives of its predictions: $kind", (design) => {
    const { model, parameters } = designed(design, { features, inputs }, Seed.root(2), kernels)
    const direction = RandomStream.make(Seed.root(3)).normals(model.dimension)
    const [out, slopes] = [new Float64Array(samples), new Float64Array(samples)]
    model.predict(parameters, out)
    model.pushforward(direction, slopes)
    const h = 1e-6
    const [above, below] = [predictions(design, h, direction), predictions(design, -h, direction)]
    slopes.forEach((slope, k) => {
      assert.closeTo(slope, (above[k]! - below[k]!) / (2 * h), 1e-6 * Math.max(1, Math.abs(slope)))
    })
  })

  it.each(layered)("has one kernel by all routes, of a batch as of all: $kind", (design) => {
    const { model, parameters } = designed(design, { features, inputs }, Seed.root(2), kernels)
    const whole = new Float64Array(samples ** 2)
    model.predict(parameters, new Float64Array(samples))
    model.tangentKernel(whole)
    const batch = Uint32Array.of(3, 0)
    const [out, part] = [new Float64Array(2), new Float64Array(4)]
    model.predict(parameters, out, batch)
    model.tangentKernel(part)
    const column = new Float64Array(2)
    const gradient = new Float64Array(model.dimension)
    model.addPullback(1, Float64Array.of(0, 1), gradient)
    model.pushforward(gradient, column)
    const at = (i: number, j: number) => whole[i * samples + j]!
    const expected = [at(3, 3), at(3, 0), at(0, 3), at(0, 0)]
    part.forEach((value, k) => assert.closeTo(value, expected[k]!, 1e-12 * at(3, 3)))
    column.forEach((value, k) => assert.closeTo(value, part[2 * k + 1]!, 1e-12 * at(3, 3)))
  })

  it("is the fully connected network where no layer is a convolution", () => {
    const architecture = Architecture.layered({
      input: inputs,
      blocks: [Block.dense(7), Block.activation("relu"), Block.dense(1)],
      bias: false,
    })
    const own = ntkArchitecture({ widths: [inputs, 7] })
    const start = normalStart(own, Seed.root(4))
    const models = [
      layeredModel({ architecture, features, kernels }),
      ntkNetwork({ architecture: own, features, kernels }),
    ]
    const [found, expected] = models.map((model) => {
      const [out, kernel] = [new Float64Array(samples), new Float64Array(samples ** 2)]
      model.predict(start, out)
      model.tangentKernel(kernel)
      return [...out, ...kernel]
    })
    found!.forEach((value, k) => assert.closeTo(value, expected![k]!, 1e-10))
  })

  it("names each design", () => {
    assert.deepStrictEqual([[8, 4] as const, ...layered].map(nameOf), [
      "8-4",
      "convolutional, 2 channels, 2 layers",
      "residual, 2 channels, 2 blocks",
    ])
  })

  it("refuses biases and several outputs", () => {
    const architecture = Architecture.layered({ input: inputs, blocks: [Block.dense(2)] })
    assert.throws(() => layeredModel({ architecture, features, kernels }), InvalidInput)
  })
})
