import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { LowRank } from "../../src/index.ts"

const kernels = Kernels.strict()

/** sum z z^T of rows of a linear relation, t = 2 x_0 - x_1 + noise. */
const scatterOf = (rows: number): Float64Array => {
  const stream = RandomStream.make(Seed.root(1))
  const out = new Float64Array(9)
  for (let k = 0; k < rows; k++) {
    const [a, b] = [stream.normal(), stream.normal() / 2]
    const row = [a, 2 * a - b + stream.normal() / 10, b]
    row.forEach((x, i) => row.forEach((y, j) => (out[3 * i + j]! += x * y)))
  }
  return out
}

const noisyOf = (matrix: Float64Array, scale: number) => ({
  dimension: Math.sqrt(matrix.length),
  matrix,
  diagonalScale: scale,
  offDiagonalScale: scale * Math.SQRT1_2,
  grid: 0,
})

describe("regression from a scatter matrix", () => {
  it("is least squares where there is no noise", () => {
    const { coefficients, distance, left, leastLeft, rank, total } = LowRank.regress(
      noisyOf(scatterOf(4000), 0),
      1,
      2,
    )
    assert.closeTo(coefficients[0]!.estimate, 2, 0.01)
    assert.closeTo(coefficients[1]!.estimate, -1, 0.01)
    assert.closeTo(left.estimate / 4000, 0.01, 0.001)
    assert.isAbove(total.estimate / left.estimate, 300)
    // rounding of the decomposition alone
    assert.isBelow(distance, 1e-10)
    assert.closeTo(leastLeft / left.estimate, 1, 1e-9)
    assert.strictEqual(rank, 2)
  })

  it("has intervals that grow with the noise, and uses what stands above it alone", () => {
    const matrix = scatterOf(4000)
    const of = (scale: number) => LowRank.regress(noisyOf(matrix, scale), 1, 2, 0.05, kernels)
    const [small, large] = [of(5), of(50)]
    assert.deepStrictEqual([small.rank, large.rank], [2, 2])
    assert.isAbove(large.distance, 9 * small.distance)
    // twice its noise is above the smaller eigenvalue, of about 1000
    const one = of(120)
    assert.deepStrictEqual([one.asked, one.rank], [2, 1])
    const none = of(2000)
    assert.deepStrictEqual([none.rank, none.distance], [0, 0])
    assert.deepStrictEqual(
      none.coefficients.map(({ estimate }) => estimate),
      [0, 0],
    )
    assert.strictEqual(none.left.estimate, none.total.estimate)
    assert.strictEqual(none.leastLeft, 0)
  })

  it("leaves directions out that the rank does not have", () => {
    const noisy = noisyOf(scatterOf(4000), 1)
    const [one, two] = [1, 2].map((rank) => LowRank.regress(noisy, 1, rank))
    assert.isAbove(one!.left.estimate, 20 * two!.left.estimate)
    assert.strictEqual(one!.leastLeft, two!.leastLeft)
    assert.isAtMost(two!.leastLeft, two!.left.estimate)
  })

  it.each([
    [
      "of a single column",
      () => LowRank.regress(noisyOf(Float64Array.of(1), 1), 0, 1),
      /dimension/,
    ],
    [
      "of a column that there is not",
      () => LowRank.regress(noisyOf(scatterOf(10), 1), 3, 1),
      /target/,
    ],
    ["by no direction", () => LowRank.regress(noisyOf(scatterOf(10), 1), 0, 0), /rank/],
    ["with a failure of 1", () => LowRank.regress(noisyOf(scatterOf(10), 1), 0, 1, 1), /failure/],
  ])("is refused %s", (_, run, says) => {
    assert.throws(run, says)
  })
})
