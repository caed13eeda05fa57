import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { type Design, descended, designed } from "../../../src/evidence/support/ImageDesigns.ts"
import { spikeDrops } from "../../../src/evidence/support/SpikeDrops.ts"
import { raised } from "../../../src/evidence/support/SpikeRun.ts"

const kernels = Kernels.strict()
const [samples, inputs] = [24, 36]
const features = RandomStream.make(Seed.root(1)).normals(samples * inputs)
const labels = Float64Array.from({ length: samples }, (_, i) => (i % 2 === 0 ? -1 : 1))

const designs: ReadonlyArray<Design> = [
  [16],
  { kind: "convolutional", channels: 2, layers: 2 },
  { kind: "residual", channels: 2, blocks: 1 },
]

describe("descended", () => {
  it.each(designs)(
    "has the kernel and the steps of the model that is written out: %j",
    (design) => {
      const run = descended(design, { features, labels }, Seed.root(2), kernels)
      const { model, parameters } = designed(design, { features, inputs }, Seed.root(2), kernels)
      const batch = Uint32Array.of(3, 0, 7)
      run.evaluate(batch)
      run.move(0.05)
      const own = new Float64Array(3)
      model.predict(parameters, own, batch)
      const adjoint = own.map((value, k) => (2 * (value - labels[batch[k]!]!)) / 3)
      const gradient = new Float64Array(parameters.length)
      model.addPullback(1, adjoint, gradient)
      const moved = parameters.map((value, j) => value - 0.05 * gradient[j]!)
      const expected = new Float64Array(samples)
      model.predict(moved, expected)
      const loss = run.evaluate()
      const close = (a: number, b: number) => assert.closeTo(a, b, 1e-9 * Math.max(1, Math.abs(b)))
      expected.forEach((value, i) => close(run.predictions[i]!, value))
      close(loss, expected.reduce((sum, value, i) => sum + (value - labels[i]!) ** 2, 0) / samples)
      const [kernel, written] = [0, 1].map(() => new Float64Array(samples ** 2))
      run.tangentKernel(kernel!)
      model.tangentKernel(written!)
      written!.forEach((value, at) => close(kernel![at]!, value))
    },
  )
})

describe("spikeDrops", () => {
  const options = {
    design: designs[0]!,
    batchSize: 8,
    steps: 90,
    rate: raised({ calm: 0.4, gap: 30, raises: 2 }, 1.5),
    top: 5,
  }
  const rows = spikeDrops({ features, labels }, options, Seed.root(4), kernels)

  it("finds spikes, each with a stretch beside it", () => {
    const spikes = rows.filter(({ kind }) => kind === "spike")
    assert.isAbove(spikes.length, 0)
    assert.isAtMost(rows.length, 2 * spikes.length)
    spikes.forEach(({ height }) => assert.isAbove(height, 1.5))
  })

  it("has shares in [0, 1], of five eigenvectors at least those of one", () => {
    for (const row of rows) {
      for (const [first, top] of [
        [row.lossFirst, row.lossTop],
        [row.dropFirst, row.dropTop],
        [row.batchLossFirst, row.batchLossTop],
        [row.batchDropFirst, row.batchDropTop],
      ] as const) {
        assert.isAtLeast(first, 0)
        assert.isAtLeast(top, first)
        assert.isAtMost(top, 1 + 1e-12)
      }
    }
  })

  it("has all of the change in the eigenvectors of as many as the batch has samples", () => {
    const whole = spikeDrops({ features, labels }, { ...options, top: 8 }, Seed.root(4), kernels)
    for (const { batchDropTop, batchLossTop } of whole) {
      assert.closeTo(batchDropTop, 1, 1e-9)
      assert.closeTo(batchLossTop, 1, 1e-9)
    }
  })
})
