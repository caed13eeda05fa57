/** A table of numbers becomes the problem that it is said to be, or is refused by its shape. */
import { assert, describe, it } from "@effect/vitest"
import { gameIn, minimisationIn, solve, WrongShape } from "../../src/operations/index.ts"

const table = (rows: number, columns: number, ...values: ReadonlyArray<number>) => ({
  rows,
  columns,
  values: Float64Array.from(values),
})

describe("a table", () => {
  it("is a game whose row player receives the entries", () => {
    const problem = gameIn(table(1, 2, 3, 5))
    const { published } = solve({
      problem,
      gap: 0.01,
      deviation: 1e-6,
      failure: 1e-3,
      precision: "float64",
      seed: 1,
    })
    // the column player pays, and takes the cheaper column
    assert.approximately(published.value.least, 3, 0.01)
  })

  it("is a quadratic with b in its last column", () => {
    assert.deepStrictEqual(minimisationIn(table(2, 3, 2, 1, 3, 1, 2, 0), "quadratic", 4), {
      _tag: "Quadratic",
      hessian: Float64Array.of(2, 1, 1, 2),
      linear: Float64Array.of(3, 0),
      radius: 4,
    })
  })

  it("is least squares with b in its last column", () => {
    assert.deepStrictEqual(minimisationIn(table(3, 2, 1, 4, 2, 5, 3, 6), "least-squares", 1), {
      _tag: "LeastSquares",
      features: Float64Array.of(1, 2, 3),
      targets: Float64Array.of(4, 5, 6),
      radius: 1,
    })
  })

  it("is refused where its shape is that of no such problem", () => {
    assert.throws(() => minimisationIn(table(1, 3, 1, 2, 3), "quadratic", 1), WrongShape)
    assert.throws(
      () => minimisationIn(table(2, 1, 1, 2), "least-squares", 1),
      "2 x 1 numbers; least squares |A x - b|^2 is a file of rows, each with the numbers of A and one of b",
    )
  })
})
