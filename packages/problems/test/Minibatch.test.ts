import { Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { leastSquares, network } from "../src/index.ts"
import * as HessianVector from "../src/HessianVector.ts"
import * as Minibatch from "../src/Minibatch.ts"
import * as Architecture from "../src/network/Architecture.ts"
import * as Loss from "../src/network/Loss.ts"
import { points } from "./support/Problems.ts"
import { error, gradientOf, hessianTimes, hessianTimesByDifferences } from "./support/Slopes.ts"

const size = 10
const samples = { features: points(size * 3, 1, 1, "batch features")[0]!, dimension: 3 }
const targets = points(size, 1, 1, "batch targets")[0]!
const squares = leastSquares({ ...samples, targets })
const neural = network({
  ...samples,
  architecture: Architecture.make({ widths: [3, 4, 1], activation: "tanh" }),
  loss: Loss.squared(targets),
})

const seed = Seed.root("minibatch")

const sorted = (indices: Iterable<number>): ReadonlyArray<number> =>
  [...indices].toSorted((a, b) => a - b)

/** The batches of the next `count` steps, beginning with the current one. */
const take = (batch: Minibatch.Minibatch, count: number): ReadonlyArray<Uint32Array> =>
  Array.from({ length: count }, () => {
    const current = batch.indices.slice()
    batch.advance()
    return current
  })

const everyIndex = Array.from({ length: size }, (_, i) => i)

it("a batch of float32 says so", () => {
  const single = { ...squares, precision: "float32" as const }
  const options = { batchSize: 2, seed }
  const batches = [
    Minibatch.fullBatch(single),
    Minibatch.shuffled(single, options),
    Minibatch.independent(single, options),
  ]
  assert.deepStrictEqual(
    batches.map(({ precision }) => precision),
    ["float32", "float32", "float32"],
  )
})

describe("shuffled", () => {
  it("each epoch is a permutation, and no two are alike", () => {
    const epochs = Array.from(
      { length: 4 },
      (
        (batches) => (_, epoch) =>
          batches.slice(5 * epoch, 5 * epoch + 5).flatMap((b) => [...b])
      )(take(Minibatch.shuffled(squares, { batchSize: 2, seed }), 20)),
    )
    for (const epoch of epochs) assert.deepStrictEqual(sorted(epoch), everyIndex)
    assert.strictEqual(new Set(epochs.map(String)).size, 4)
  })

  it("drops a last batch that would be short", () => {
    const batches = take(Minibatch.shuffled(squares, { batchSize: 4, seed }), 6)
    for (let epoch = 0; epoch < 3; epoch++) {
      const seen = batches.slice(2 * epoch, 2 * epoch + 2).flatMap((batch) => [...batch])
      assert.strictEqual(new Set(seen).size, 8)
    }
  })

  it("a batch larger than the sum is the whole sum", () => {
    const [first, second] = take(Minibatch.shuffled(squares, { batchSize: 99, seed }), 2)
    assert.deepStrictEqual(sorted(first!), everyIndex)
    assert.deepStrictEqual(sorted(second!), everyIndex)
  })

  it("the same seed gives the same batches, another seed others", () => {
    const [a, b, c] = [seed, seed, seed.child(1)].map((of) =>
      take(Minibatch.shuffled(squares, { batchSize: 3, seed: of }), 9),
    )
    assert.deepStrictEqual(a, b)
    assert.notDeepEqual(a, c)
  })
})

describe("independent", () => {
  it("draws every index uniformly, repeats included", () => {
    const batch = Minibatch.independent(squares, { batchSize: 20, seed })
    const counts = new Float64Array(size)
    const draws = 1000
    for (const indices of take(batch, draws / 20)) for (const i of indices) counts[i]! += 1
    const expected = draws / size
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // the 99.9 % point of chi squared with 9 degrees of freedom; the seed is fixed
    assert.isBelow(chiSquared, 27.88)
    assert.isAbove(Math.max(...counts), 0)
  })
})

describe("the objective of a batch", () => {
  const x = points(neural.dimension, 1, 1, "at")[0]!
  const v = points(neural.dimension, 1, 1, "along")[0]!

  it("stays the same between two advances and changes with each", () => {
    const batch = Minibatch.shuffled(neural, { batchSize: 3, seed })
    const first = gradientOf(batch, x)
    neural.valueAndGradient(v, new Float64Array(neural.dimension))
    assert.deepStrictEqual(gradientOf(batch, x), first)
    batch.advance()
    assert.notDeepEqual(gradientOf(batch, x), first)
  })

  it("averages over an epoch to the whole sum", () => {
    const batch = Minibatch.shuffled(neural, { batchSize: 5, seed })
    const mean = new Float64Array(neural.dimension)
    for (let k = 0; k < 2; k++) {
      Vector.axpy(0.5, gradientOf(batch, x), mean)
      batch.advance()
    }
    assert.isAtMost(error(mean, gradientOf(neural, x)), 1e-14)
  })

  it("has the exact Hessian of the batch where the sum has one", () => {
    const batch = Minibatch.shuffled(neural, { batchSize: 3, seed })
    const expected = hessianTimesByDifferences(batch, x, v)
    assert.isAtMost(error(hessianTimes(batch, x, v), expected), 1e-9)
  })

  it("gets its Hessian from differences where the sum has none", () => {
    const { batchHessianVector: _, hessianVector: __, ...bare } = neural
    const batch = Minibatch.fullBatch(bare)
    assert.isUndefined(batch.hessianVector)
    const out = new Float64Array(neural.dimension)
    HessianVector.of(batch)(x, v, out)
    assert.isAtMost(error(out, hessianTimes(neural, x, v)), 1e-7)
  })

  it("keeps the constants of the sum only where it is the whole sum", () => {
    assert.deepStrictEqual(Minibatch.fullBatch(squares).constants, squares.constants)
    assert.deepStrictEqual(Minibatch.shuffled(squares, { batchSize: 3, seed }).constants, {})
    // one sample can be far more curved than the mean of all
    const one = Minibatch.shuffled(squares, { batchSize: 1, seed })
    let largest = 0
    for (let k = 0; k < size; k++) {
      const row = samples.features.subarray(3 * one.indices[0]!, 3 * one.indices[0]! + 3)
      largest = Math.max(largest, Vector.dot(row, hessianTimes(one, new Float64Array(3), row)))
      one.advance()
    }
    assert.isAbove(largest, squares.constants.smoothness!.value)
  })
})
