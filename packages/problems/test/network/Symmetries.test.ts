import { Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { logistic, network } from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Loss from "../../src/network/Loss.ts"
import { softmaxRegression } from "../../src/Softmax.ts"
import { features, labels, make, size, targets } from "../support/Networks.ts"
import { points } from "../support/Problems.ts"
import { along, error, gradientOf, valueOf } from "../support/Slopes.ts"

describe("symmetries", () => {
  it("exchanging two hidden units changes nothing", () => {
    const objective = make("tanh", Loss.squared(targets), [4])
    const [first, second] = objective.architecture.layers
    const x = points(objective.dimension, 1, 1, "symmetric")[0]!
    const y = x.slice()
    Architecture.weights(first!, y).set(Architecture.weights(first!, x).subarray(0, 3), 6)
    Architecture.weights(first!, y).set(Architecture.weights(first!, x).subarray(6, 9), 0)
    const swap = (values: Float64Array, i: number, j: number) => {
      ;[values[i], values[j]] = [values[j]!, values[i]!]
    }
    swap(Architecture.biases(first!, y), 0, 2)
    for (const row of [0, 4]) swap(Architecture.weights(second!, y), row, row + 2)
    assert.approximately(valueOf(objective, y), valueOf(objective, x), 1e-14)
  })

  it("moving a positive factor through a ReLU changes nothing, and tanh is odd", () => {
    const relu = make("relu", Loss.crossEntropy(labels), [4])
    const tanh = make("tanh", Loss.crossEntropy(labels), [4])
    for (const [objective, factor] of [
      [relu, 3],
      [tanh, -1],
    ] as const) {
      const [first, second] = objective.architecture.layers
      const x = points(objective.dimension, 1, 1, "scaled")[0]!
      const y = x.slice()
      Vector.scale(factor, Architecture.weights(first!, y))
      Vector.scale(factor, Architecture.biases(first!, y))
      Vector.scale(1 / factor, Architecture.weights(second!, y))
      assert.approximately(valueOf(objective, y), valueOf(objective, x), 1e-14)
    }
  })

  it("along that symmetry the gradient is orthogonal", () => {
    const objective = make("relu", Loss.squared(targets), [4])
    const [first, second] = objective.architecture.layers
    const x = points(objective.dimension, 1, 1, "noether")[0]!
    const direction = new Float64Array(objective.dimension)
    for (const view of [Architecture.weights, Architecture.biases]) {
      view(first!, direction).set(view(first!, x))
    }
    Architecture.weights(second!, direction).set(Architecture.weights(second!, x))
    Vector.scale(-1, Architecture.weights(second!, direction))
    assert.isAtMost(Math.abs(Vector.dot(direction, gradientOf(objective, x))), 1e-13)
  })

  it("adding a number to all outputs does not change the cross entropy, however large it is", () => {
    const objective = make("tanh", Loss.crossEntropy(labels), [4])
    const x = points(objective.dimension, 1, 1, "shifted")[0]!
    const last = objective.architecture.layers[1]!
    const y = x.slice()
    const b = Architecture.biases(last, y)
    b.set(b.map((value) => value + 1000))
    assert.approximately(valueOf(objective, y), valueOf(objective, x), 1e-12)
    b.set([800, -800])
    const ones = labels.reduce((sum, label) => sum + label, 0)
    const value = valueOf(objective, y)
    assert.isAtMost(Math.abs(value / ((1600 * ones) / size) - 1), 0.01)
    assert.isTrue(Vector.isFinite(gradientOf(objective, y)))
  })
})

describe("relatives", () => {
  it("softmax regression of two classes is logistic regression in the difference", () => {
    const softmax = softmaxRegression({ features, dimension: 3, labels, classes: 2 })
    const binary = logistic({ features, dimension: 3, labels: labels.map((l) => 2 * l - 1) })
    const [w] = points(6, 1, 1, "two classes")
    const difference = along(w!.subarray(3), -1, w!.subarray(0, 3))
    assert.approximately(valueOf(softmax, w!), valueOf(binary, difference), 1e-14)
    const expected = gradientOf(binary, difference)
    assert.isAtMost(error(gradientOf(softmax, w!).subarray(3), expected), 1e-14)
  })

  it("a deep linear network is the product of its matrices", () => {
    const objective = make("identity", Loss.squared(targets), [2])
    const flat = network({
      features,
      dimension: 3,
      architecture: Architecture.make({ widths: [3, 2], activation: "relu" }),
      loss: Loss.squared(targets),
    })
    const x = points(objective.dimension, 1, 1, "product")[0]!
    const [first, second] = objective.architecture.layers
    const [a, b] = [Architecture.weights(first!, x), Architecture.biases(first!, x)]
    const [c, d] = [Architecture.weights(second!, x), Architecture.biases(second!, x)]
    const product = Float64Array.from(
      { length: 6 },
      (_, k) =>
        c[2 * Math.trunc(k / 3)]! * a[k % 3]! + c[2 * Math.trunc(k / 3) + 1]! * a[3 + (k % 3)]!,
    )
    const bias = [0, 1].map((i) => c[2 * i]! * b[0]! + c[2 * i + 1]! * b[1]! + d[i]!)
    const y = Float64Array.of(...product, ...bias)
    assert.approximately(valueOf(flat, y), valueOf(objective, x), 1e-14)
  })
})
