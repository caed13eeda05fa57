/** A table of numbers as the problem that it poses. */
import * as Schema from "effect/Schema"
import type { Posed } from "./PosedProblem.ts"

/** Numbers in rows. */
interface Numbers {
  readonly rows: number
  readonly columns: number
  /** Row by row. */
  readonly values: Float64Array
}

/** A table does not have the shape of the problem. */
export class WrongShape extends Schema.TaggedError<WrongShape>()("WrongShape", {
  rows: Schema.Int,
  columns: Schema.Int,
  expected: Schema.String,
}) {
  override get message(): string {
    return `${this.rows} x ${this.columns} numbers; ${this.expected}`
  }
}

/** Requirements on the shape of a minimisation. */
const shapes = {
  quadratic: {
    fits: ({ columns, rows }: Numbers) => rows === columns - 1,
    expected:
      "a quadratic x^T H x / 2 - b^T x is a file of n rows, each with n numbers of H and one of b",
  },
  "least-squares": {
    fits: ({ columns }: Numbers) => columns >= 2,
    expected:
      "least squares |A x - b|^2 is a file of rows, each with the numbers of A and one of b",
  },
} as const

/** Poses a matrix game: the row player receives the entry from the column player. */
export const gameIn = ({
  columns,
  rows,
  values,
}: Numbers): Extract<Posed, { readonly _tag: "MatrixGame" }> => ({
  _tag: "MatrixGame",
  payoffs: values,
  rows,
  columns,
})

/** Poses a minimisation on a ball: the last column is b, the others are H or A. Throws WrongShape. */
export const minimisationIn = (
  table: Numbers,
  kind: keyof typeof shapes,
  radius: number,
): Exclude<Posed, { readonly _tag: "MatrixGame" }> => {
  const { columns, rows, values } = table
  const { expected, fits } = shapes[kind]
  if (!fits(table)) throw new WrongShape({ rows, columns, expected })
  const width = columns - 1
  const left = new Float64Array(rows * width)
  const right = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    left.set(values.subarray(i * columns, i * columns + width), i * width)
    right[i] = values[i * columns + width]!
  }
  return kind === "quadratic"
    ? { _tag: "Quadratic", hessian: left, linear: right, radius }
    : { _tag: "LeastSquares", features: left, targets: right, radius }
}
