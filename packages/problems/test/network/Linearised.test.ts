/** Products with the Hessian that keep the forward pass: those of the batches, bit for bit, whatever is asked in between. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Memory from "../../src/internal/network/Memory.ts"
import { points } from "../support/Problems.ts"
import { expand, structure } from "../support/RandomNetworks.ts"
import { along, curvatureError, gradientOf, hessianTimes } from "../support/Slopes.ts"

/** More samples than pass through the layers together. */
const samples = 300

const normal = (label: string, length: number): Float64Array => {
  const out = new Float64Array(length)
  RandomStream.make(Seed.root(7).child(label)).fillNormal(out)
  return out
}

const image = { height: 5, width: 4, channels: 2 }
const frozen = Block.frozenNormalisation({
  mean: normal("mean", 3),
  variance: normal("variance", 3).map((value) => value * value + 0.1),
})
const same = Block.convolution({ channels: 3, size: 3, padding: "same" })

const architectures = {
  "layers of tanh": Architecture.make({ widths: [6, 9, 7, 3], activation: "tanh" }),
  "layers of ReLU without biases": Architecture.make({
    widths: [6, 9, 3],
    activation: "relu",
    bias: false,
  }),
  "sums of more terms than one block": Architecture.make({
    widths: [300, 5, 3],
    activation: "softplus",
  }),
  "convolution, residual, frozen batch norm, max pool": Architecture.layered({
    input: image,
    blocks: [
      same,
      Block.activation("relu"),
      Block.residual([same, frozen, Block.activation("gelu")]),
      Block.maxPool({ size: 2 }),
      Block.flatten,
      Block.dense(3),
    ],
  }),
  "mean pool first, a shortcut with weights": Architecture.layered({
    input: image,
    blocks: [
      Block.averagePool({ size: 2, stride: 1 }),
      Block.activation("square"),
      Block.residual(
        [Block.convolution({ channels: 3, size: 1 }), Block.activation("gelu-tanh")],
        [Block.convolution({ channels: 3, size: 1 })],
      ),
      Block.averagePool({ size: "image" }),
      Block.flatten,
      Block.dense(3),
    ],
  }),
}

const losses = {
  "cross entropy": Loss.crossEntropy(Int32Array.from({ length: samples }, (_, i) => i % 3)),
  squared: Loss.squared(normal("targets", samples * 3)),
  logistic: Loss.logistic(normal("targets", samples * 3).map((value) => (value > 0 ? 1 : 0))),
}

const everyIndex = Uint32Array.from({ length: samples }, (_, i) => i)

const networkOf = (
  architecture: Architecture.Architecture,
  loss: Loss.Loss,
  kernels = Kernels.strict(),
) =>
  network({
    features: normal("features", samples * architecture.inputs),
    dimension: architecture.inputs,
    architecture,
    loss,
    kernels,
  })

/** As a batch of all samples, which keeps nothing. */
const ofBatch = (
  objective: ReturnType<typeof networkOf>,
  x: Float64Array,
  v: Float64Array,
): Float64Array => {
  const out = new Float64Array(x.length)
  objective.batchHessianVector(everyIndex, x, v, out)
  return out
}

describe.each(Object.entries(architectures))("%s", (_, architecture) => {
  const x = normal("point", architecture.dimension).map((value) => 0.4 * value)
  const directions = [0, 1, 2].map((k) => normal(`direction ${k}`, x.length))

  it.each(Object.entries(losses))(
    "%s: many products at a point are those of batches",
    (_name, loss) => {
      const objective = networkOf(architecture, loss)
      for (const v of directions) {
        assert.deepStrictEqual(hessianTimes(objective, x, v), ofBatch(objective, x, v))
      }
    },
  )

  it("and so they are after anything else has passed through the network", () => {
    const objective = networkOf(architecture, losses["cross entropy"])
    const [v] = directions as [Float64Array]
    const expected = ofBatch(networkOf(architecture, losses["cross entropy"]), x, v)
    const other = along(x, 0.1, v)
    const between: ReadonlyArray<() => unknown> = [
      () => gradientOf(objective, other),
      () => ofBatch(objective, other, v),
      () => hessianTimes(objective, other, v),
      () => objective.predict(other, normal("inputs", architecture.inputs), new Float64Array(3)),
      () => objective.hessianTrace?.gradient(other, new Float64Array(x.length)),
      () => objective.exactTrace?.(other),
    ]
    for (const act of between) {
      act()
      assert.deepStrictEqual(hessianTimes(objective, x, v), expected)
    }
  })

  it("a point that its owner has changed in place is another point", () => {
    const objective = networkOf(architecture, losses.squared)
    const [v] = directions as [Float64Array]
    const moving = x.slice()
    hessianTimes(objective, moving, v)
    moving[0]! += 0.5
    assert.deepStrictEqual(hessianTimes(objective, moving, v), ofBatch(objective, moving, v))
  })

  it("the reference has the bits of the strict kernels", () => {
    const [v] = directions as [Float64Array]
    const on = (kernels: Kernels.Kernels) =>
      hessianTimes(networkOf(architecture, losses.logistic, kernels), x, v)
    assert.deepStrictEqual(on(Kernels.reference()), on(Kernels.strict()))
  })
})

describe("networks of any blocks", () => {
  it.each(["relu", "tanh"] as const)(
    "of %s: the second product too is the slope of the gradient",
    (name) => {
      fc.assert(
        fc.property(structure, (s) => {
          const point = expand(s, name)
          hessianTimes(point.objective, point.x, point.x)
          // a kink between the points would show as a jump: the smallest step has the last word
          const errors = [1e-4, 1e-5, 1e-6].map((h) => curvatureError(point, h))
          assert.isAtMost(Math.min(...errors), 1e-6)
        }),
        { numRuns: 40 },
      )
    },
  )
})

describe("targets that their owner writes in place", () => {
  it.each([
    ["squared", Loss.squared],
    ["logistic", Loss.logistic],
  ] as const)("of the %s loss are those of the next product", (_name, lossOf) => {
    const architecture = architectures["layers of tanh"]
    const targets = new Float64Array(samples * 3)
    const objective = networkOf(architecture, lossOf(targets))
    const x = normal("point", architecture.dimension)
    const before = hessianTimes(objective, x, x)
    targets.fill(1)
    const after = hessianTimes(objective, x, x)
    assert.notDeepEqual(after, before)
    assert.deepStrictEqual(after, ofBatch(objective, x, x))
  })
})

describe("a point that is not finite", () => {
  it("is asked for anew each time, and leaves nothing behind", () => {
    const architecture = Architecture.make({ widths: [1, 2, 1], activation: "tanh" })
    const objective = network({
      features: points(4, 1, 1, "features")[0]!,
      dimension: 1,
      architecture,
      loss: Loss.squared(points(4, 1, 1, "targets")[0]!),
    })
    const x = points(architecture.dimension, 1, 1, "point")[0]!
    const expected = hessianTimes(objective, x, x)
    assert.isTrue(hessianTimes(objective, x.with(0, Number.NaN), x).some(Number.isNaN))
    assert.deepStrictEqual(hessianTimes(objective, x, x), expected)
  })
})

describe("room", () => {
  it("is for so many samples that values and adjoints of all of them are 128 MiB", () => {
    // 2 x 9 + 2 x 7 + 3 numbers a sample, twice
    const architecture = architectures["layers of tanh"]
    const most = Math.floor(2 ** 24 / (2 * 35))
    assert.isTrue(Memory.canKeep(architecture, most))
    assert.isFalse(Memory.canKeep(architecture, most + 1))
  })
})
