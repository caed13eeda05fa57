import { assert, describe, it } from "vitest"
import * as Rational from "@nonconvex/numerics/Rational"
import { certify, check } from "../../src/index.ts"
import * as Proof from "../../src/certificate/Proof.ts"
import * as Definite from "../../src/exact/Definite.ts"
import { shortSquares } from "../../src/exact/ShortSquares.ts"
import { further } from "../estimation/FurtherMethods.ts"
import { asPepit } from "../estimation/PepitAnswers.ts"

type Matrix = ReadonlyArray<ReadonlyArray<Rational.Rational>>

/** Sum of the squares, as text. */
const total = ({ rows, weights }: Definite.Squares, order: number) =>
  Array.from({ length: order }, (_, i) =>
    Array.from({ length: order }, (__, j) =>
      Rational.toText(
        weights.reduce(
          (sum, weight, r) =>
            Rational.add(
              sum,
              Rational.multiply(weight, Rational.multiply(rows[r]![i]!, rows[r]![j]!)),
            ),
          Rational.zero,
        ),
      ),
    ),
  )

const text = (matrix: Matrix) => matrix.map((row) => row.map(Rational.toText))

const longest = ({ rows, weights }: Definite.Squares): number =>
  [...weights, ...rows.flat()].reduce(
    (most, value) => Math.max(most, Rational.toText(value).length),
    0,
  )

const matrixOf = (rows: ReadonlyArray<ReadonlyArray<string>>): Matrix =>
  rows.map((row) => row.map((value) => Rational.parse(value)!))

describe("squares with few digits", () => {
  it.each([
    ["heavy ball", asPepit],
    ["optimistic gradient", asPepit],
    ["three functions", asPepit],
    ["silver steps", further],
    ["FISTA", further],
  ] as const)("%s: the same matrix, with positive weights", (name, methods) => {
    const { model, multipliers, squares } = check(
      certify(new Map(Object.entries(methods)).get(name)!),
    )
    const { matrix } = Proof.combine(model, multipliers)
    const short = shortSquares(matrix, squares)
    assert.deepStrictEqual(total(short, matrix.length), text(matrix))
    for (const weight of short.weights) assert.isTrue(weight.numerator > 0n)
    assert.isBelow(longest(short), longest(squares))
  })

  const exactOf = (rows: ReadonlyArray<ReadonlyArray<string>>) => {
    const matrix = matrixOf(rows)
    return { matrix, exact: Definite.squares(matrix)! }
  }

  it.each([
    [
      "a kernel",
      [
        ["1", "2", "1/3"],
        ["2", "4", "2/3"],
        ["1/3", "2/3", "5"],
      ],
    ],
    [
      "sizes far apart",
      [
        ["1", "1/3000000"],
        ["1/3000000", "1/5000000000000"],
      ],
    ],
    [
      "nothing but 0",
      [
        ["0", "0"],
        ["0", "0"],
      ],
    ],
  ])("%s", (_, rows) => {
    const { exact, matrix } = exactOf(rows)
    assert.deepStrictEqual(total(shortSquares(matrix, exact), rows.length), rows)
  })

  it("are those of the elimination where no rounding is positive definite", () => {
    const { exact, matrix } = exactOf([
      ["1", "1"],
      ["1", `${1n + 2n ** 600n}/${2n ** 600n}`],
    ])
    assert.strictEqual(shortSquares(matrix, exact), exact)
  })
})
