/** Expectation-maximisation of a normal distribution, beside what is known of it. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Combination from "../../src/completion/Combination.ts"
import * as JointNormal from "../../src/completion/JointNormal.ts"
import * as NormalScores from "../../src/completion/NormalScores.ts"

const stream = RandomStream.make(Seed.root(11))

describe("the inverse of a positive definite matrix", () => {
  it("times the matrix is the identity", () => {
    const n = 6
    const root = stream.normals(n * n)
    const of = (a: Float64Array, b: Float64Array, i: number, j: number) =>
      Array.from({ length: n }, (_, k) => a[i * n + k]! * b[k * n + j]!).reduce((x, y) => x + y)
    const transposed = root.map((_, at) => root[(at % n) * n + Math.floor(at / n)]!)
    const a = root.map(
      (_, at) => of(root, transposed, Math.floor(at / n), at % n) + Number(at % (n + 1) === 0),
    )
    const inverse = a.slice()
    JointNormal.factor(inverse, n)
    JointNormal.invert(inverse, n, new Float64Array(n))
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) assert.closeTo(of(a, inverse, i, j), Number(i === j), 1e-10)
    }
  })
})

describe("the joint normal distribution", () => {
  it("fills one column of two by their least-squares line, with its residual variance", () => {
    const rows = 500
    const cells = new Float64Array(2 * rows)
    for (let i = 0; i < rows; i++) {
      cells[2 * i] = stream.normal()
      cells[2 * i + 1] = i % 4 === 0 ? Number.NaN : 0.8 * cells[2 * i]! + 0.6 * stream.normal()
    }
    const seen = Array.from({ length: rows }, (_, i) => i).filter((i) => i % 4 !== 0)
    const mean = (of: (i: number) => number) =>
      seen.reduce((sum, i) => sum + of(i), 0) / seen.length
    const [x, y] = [mean((i) => cells[2 * i]!), mean((i) => cells[2 * i + 1]!)]
    const xx = mean((i) => (cells[2 * i]! - x) ** 2)
    const slope = mean((i) => (cells[2 * i]! - x) * (cells[2 * i + 1]! - y)) / xx
    const left = mean((i) => (cells[2 * i + 1]! - y - slope * (cells[2 * i]! - x)) ** 2)
    const kernels = Kernels.strict()
    const found = JointNormal.expected(cells, 2, 1e-9, kernels)
    for (let i = 0; i < rows; i += 4) {
      assert.closeTo(found.cells[2 * i + 1]!, y + slope * (cells[2 * i]! - x), 0.01)
      assert.closeTo(found.variances[2 * i + 1]!, left, 0.01)
    }
  })
})

describe("normal scores", () => {
  it("return the mean of a lognormal column, whose logarithm is normal", () => {
    const scores = NormalScores.scoresOf(stream.normals(20_000).map(Math.exp))
    assert.closeTo(NormalScores.expected(scores, 0, 1), Math.exp(0.5), 0.12)
    assert.closeTo(NormalScores.expected(scores, 1, 0), Math.E, 0.1)
    assert.closeTo(NormalScores.scoreOf(scores, 1), 0, 0.03)
  })
})

describe("a combination", () => {
  it("is no worse than any of its parts, and gives a useless one nothing", () => {
    const errors = [stream.normals(300), stream.normals(300), stream.normals(300).map((x) => 9 * x)]
    const products = Combination.productsOf(errors)
    const weights = Combination.weightsOf(products, 3)
    const error = Combination.squaredError(products, weights)
    for (let k = 0; k < 3; k++) assert.isAtMost(error, products[4 * k]!)
    assert.isBelow(weights[2]!, 0.05)
    assert.closeTo(weights[0]! + weights[1]! + weights[2]!, 1, 1e-12)
    assert.isBelow(error, 0.7 * products[0]!)
  })
})
