/** Trainings on images: against the float64 network of the same blocks, and on images whose class is their direction. */
import { assert, describe, it } from "@effect/vitest"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { network } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Block from "@nonconvex/problems/network/Block"
import * as Loss from "@nonconvex/problems/network/Loss"
import { trainImages } from "../../src/images/index.ts"
import * as Normalisations from "../../src/images/Normalisations.ts"
import { predict } from "../../src/operations/index.ts"

const side = 8
const input = { height: side, width: side, channels: 1 }

/** Stripes across (0) or along (1) with noise, sorted by class. */
const stripes = (rows: number, seed: number) => {
  const stream = RandomStream.make(Seed.root(seed))
  const noise = new Float64Array(rows * side * side)
  stream.fillNormal(noise)
  const labels = Int32Array.from({ length: rows }, (_, i) => (2 * i < rows ? 0 : 1))
  const features = noise.map((each: number, k: number) => {
    const [row, pixel] = [Math.floor(k / side ** 2), k % side ** 2]
    const at = labels[row] === 0 ? Math.floor(pixel / side) : pixel % side
    return 0.3 * each + (((at + row) % 2) - 0.5)
  })
  return { features, target: { _tag: "Classes" as const, labels } }
}

const frozen = (channels: number) =>
  Block.frozenNormalisation({
    mean: new Float64Array(channels),
    variance: new Float64Array(channels).fill(1),
  })
const convolution = (channels: number) =>
  Block.convolution({ channels, size: 3, padding: "same", bias: false })
const blocks = [
  convolution(4),
  frozen(4),
  Block.activation("relu"),
  Block.residual([convolution(4), frozen(4)], [convolution(4), frozen(4)]),
  Block.activation("relu"),
  Block.averagePool({ size: "image" }),
  Block.flatten,
  Block.dense(2),
]

const asked = (method: "plain" | "sam", seed = 1): Parameters<typeof trainImages>[0] => ({
  data: { dimension: side ** 2, classes: 2, train: stripes(120, 2), test: stripes(80, 3) },
  shape: { input, blocks, normalises: "by batch" },
  recipe: { method, weightDecay: 0, ...(method === "sam" && { radius: 0.05 }) },
  epochs: 30,
  batch: 20,
  seed,
})

describe("a training on images", () => {
  it.each(["plain", "sam"] as const)(
    "learns directions with %s steps from a sorted file",
    (method) => {
      const { constantLoss, loss, test } = trainImages(asked(method))
      assert.isBelow(loss, constantLoss / 2)
      assert.isAbove(test._tag === "Accuracy" ? test.accuracy : 0, 0.95)
    },
  )

  it("has the bits of its seed, and others for another", () => {
    const [one, again, other] = [1, 1, 2].map((seed) => trainImages(asked("plain", seed)).point)
    assert.deepStrictEqual(one, again)
    assert.notDeepEqual(one, other)
  })

  it("returns the network for predictions: its float64 outputs have the accuracy and the loss that it says", () => {
    const { blocks: fixed, point, test } = trainImages(asked("plain"))
    const rows = stripes(80, 3)
    const outputs = predict({ input, blocks: fixed, parameters: point, features: rows.features })
    const { labels } = rows.target
    const right = labels.filter(
      (label, i) => (outputs[2 * i + 1]! > outputs[2 * i]! ? 1 : 0) === label,
    )
    assert.strictEqual(test._tag === "Accuracy" && test.accuracy, right.length / 80)
    const mean = network({
      features: rows.features,
      dimension: side ** 2,
      architecture: Architecture.layered({ input, blocks: fixed }),
      loss: Loss.crossEntropy(labels),
    }).valueAndGradient(point, new Float64Array(point.length))
    assert.closeTo(test.loss, mean, 1e-4 * mean)
  })

  it("fixes the statistics of the training rows: with them a batch of all rows is normalised as by itself", () => {
    const { batch: _batch, ...rest } = asked("plain")
    const whole = { ...rest, batch: 120, epochs: 3 }
    const { blocks: fixed, point, train } = trainImages(whole)
    const architecture = Architecture.layered({ input, blocks: fixed })
    const { features, target } = whole.data.train
    const sum = network({
      features,
      dimension: side ** 2,
      architecture,
      loss: Loss.crossEntropy(target._tag === "Classes" ? target.labels : []),
    })
    const mean = sum.valueAndGradient(point, new Float64Array(point.length))
    assert.closeTo(train.loss, mean, 1e-4 * mean)
    // a variance that divides by one less differs by 1 part in 120 x 64
    assert.closeTo(trainImages(whole).loss, mean, 1e-2 * mean)
  })

  it("refuses groups, a batch of one image, and columns of another number", () => {
    const one = asked("sam")
    assert.throws(
      () => trainImages({ ...one, recipe: { ...one.recipe, groupSize: 5 } }),
      /do not depend on each other/,
    )
    assert.throws(() => trainImages({ ...one, batch: 1 }), /samples of the batch/)
    assert.throws(
      () => trainImages({ ...one, data: { ...one.data, dimension: 32 } }),
      /must have the same width/,
    )
  })
})

describe("normalisations", () => {
  it("by batch and fixed again are the same blocks, with the statistics in the order of the parameters", () => {
    const count = Architecture.statisticsLength(
      Architecture.layered({ input, blocks: Normalisations.byBatch(blocks) }),
    )
    assert.strictEqual(count, 24)
    const statistics = Float64Array.from({ length: count }, (_, k) => k + 1)
    const fixed = Normalisations.fixed(blocks, statistics)
    assert.strictEqual(
      Architecture.layered({ input, blocks: fixed }).dimension,
      Architecture.layered({ input, blocks: Normalisations.byBatch(fixed) }).dimension,
    )
    const [, first, , residual] = fixed
    assert.deepInclude(first, { mean: Float64Array.of(1, 2, 3, 4) })
    assert.strictEqual(residual?._tag, "Residual")
    if (residual?._tag !== "Residual") return
    assert.deepInclude(residual.branch[1], { variance: Float64Array.of(13, 14, 15, 16) })
    assert.deepInclude(residual.shortcut[1], { mean: Float64Array.of(17, 18, 19, 20) })
  })
})
