/** What `solve` reads: a payoff matrix, a quadratic or a least-squares problem, as a problem with names for its coordinates. */
import * as CsvMatrix from "@nonconvex/datasets/CsvMatrix"
import type { CsvError } from "@nonconvex/datasets/CsvError"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seam from "@nonconvex/numerics/Seam"
import * as Seed from "@nonconvex/numerics/Seed"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Products from "@nonconvex/problems/Products"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import {
  leastSquaresOnBall,
  type Problem,
  quadraticOnBall,
  saddlePoint,
} from "@nonconvex/reproducible-minimax"
import { Effect, type FileSystem, Schema, type Scope } from "effect"

export type Kind = "game" | "quadratic" | "least-squares"
export type Precision = "float64" | "float32" | "permuted"

/** A minimisation needs a set with a bound. */
export class RadiusMissing extends Schema.TaggedError<RadiusMissing>()("RadiusMissing", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: name a bound on the distance of a minimiser from the origin with --radius`
  }
}

/** The file has not the shape of the problem. */
export class WrongShape extends Schema.TaggedError<WrongShape>()("WrongShape", {
  path: Schema.String,
  rows: Schema.Int,
  columns: Schema.Int,
  expected: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.rows} x ${this.columns} numbers; ${this.expected}`
  }
}

/** The numbers of the file do not make a problem that can be solved. */
export class UnsuitableProblem extends Schema.TaggedError<UnsuitableProblem>()(
  "UnsuitableProblem",
  { path: Schema.String, reason: Schema.String },
) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

/** A problem whose gap has a closed form. */
export type Judged = Problem & Required<Pick<Problem, "gap">>

export interface Block {
  readonly title: string
  readonly names: ReadonlyArray<string>
}

export interface Loaded {
  readonly description: string
  /** With products in the precision that was asked for; its gap in float64, to judge what is published. */
  readonly problem: Judged
  /** The same in float64. */
  readonly exact: Judged
  readonly start: Float64Array
  /** The coordinates in the order of the point. */
  readonly blocks: ReadonlyArray<Block>
  /** The value of the game, or of the objective, is between these. */
  readonly value: (point: Float64Array) => readonly [least: number, most: number]
  /** The largest difference of two payoffs, or of two values of the objective at most. */
  readonly scale: number
}

const productsOf = (precision: Precision, seed: Seed.Seed): Products.Products =>
  precision === "float64"
    ? Products.float64
    : precision === "float32"
      ? Products.float32
      : Products.permuted(RandomStream.make(seed.child("order of summation")))

/** The exact problem as another machine answers it. */
const answeredBy = (exact: Judged, other: Pick<Problem, "error" | "operator">): Judged => ({
  ...exact,
  error: other.error,
  operator: other.operator,
})

const numbered = (title: string, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, k) => `${title} ${k + 1}`)

/** A copy in the memory of the kernels, where products are fast, given back at the end of the scope. */
const inKernels = (
  values: Float64Array,
): Effect.Effect<Float64Array<ArrayBuffer>, never, Scope.Scope> => {
  const { arena } = Kernels.strict()
  return Effect.acquireRelease(
    Effect.sync(() => {
      const held = arena.f64(values.length)
      held.set(values)
      return held
    }),
    (held) => Effect.sync(() => arena.release(held)),
  )
}

/** What `make` refuses of the numbers of the file is a failure with its path. */
const suitable = <A extends ReadonlyArray<unknown>>(path: string, make: () => readonly [...A]) =>
  Seam.attempt([InvalidInput], make).pipe(
    Effect.mapError(({ message }) => new UnsuitableProblem({ path, reason: message })),
  )

/** The row player receives the entry from the column player, who minimises: x are the columns, y the rows. */
const game = Effect.fnUntraced(function* (
  path: string,
  matrix: CsvMatrix.CsvMatrix,
  products: Products.Products,
) {
  const { columns, rows, values } = matrix
  const transposed = new Float64Array(values.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) transposed[j * rows + i] = values[i * columns + j]!
  }
  const inside = yield* inKernels(transposed)
  const make = (by: Products.Products) =>
    matrixGame({ matrix: inside, columns: rows, products: by })
  const [problem, exact] = yield* suitable(path, () => {
    const played = make(Products.float64)
    const judged = { ...saddlePoint(played), gap: played.dualityGap }
    if (products === Products.float64) return [judged, judged]
    const other = make(products)
    return [
      answeredBy(judged, {
        error: other.roundoff,
        operator: (z, out) => other.operator(z, out),
      }),
      judged,
    ]
  })
  const least = values.reduce((a, b) => Math.min(a, b), Infinity)
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const answer = new Float64Array(rows + columns)
  return {
    description: `matrix game, ${rows} x ${columns}, paid to the row player`,
    problem,
    exact,
    start: new Float64Array(rows + columns).fill(1 / columns, 0, columns).fill(1 / rows, columns),
    blocks: [
      { title: "column", names: matrix.columnNames ?? numbered("column", columns) },
      { title: "row", names: matrix.rowNames ?? numbered("row", rows) },
    ],
    // what the row player is sure of, and what the column player is sure to pay at most
    value: (z: Float64Array) => {
      exact.operator(z, answer)
      const sure = answer.subarray(0, columns).reduce((a, b) => Math.min(a, b), Infinity)
      const paid = answer.subarray(columns).reduce((a, b) => Math.max(a, -b), -Infinity)
      return [sure, paid] as const
    },
    scale: most - least || Math.abs(most) || 1,
  } satisfies Loaded
})

/** The last column is b, and the names of the others are those of the coordinates. */
const split = ({ columnNames, columns, rows, values }: CsvMatrix.CsvMatrix) => {
  const width = columns - 1
  const left = new Float64Array(rows * width)
  const right = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    left.set(values.subarray(i * columns, i * columns + width), i * width)
    right[i] = values[i * columns + width]!
  }
  return { left, right, names: columnNames?.slice(0, width) ?? numbered("x", width) }
}

const minimisation = Effect.fnUntraced(function* (
  path: string,
  kind: "quadratic" | "least-squares",
  matrix: CsvMatrix.CsvMatrix,
  options: { readonly radius: number; readonly products: Products.Products },
) {
  const { columns, rows } = matrix
  const width = columns - 1
  if (kind === "quadratic" ? rows !== width : width < 1) {
    const expected =
      kind === "quadratic"
        ? "a quadratic x^T H x / 2 - b^T x is a file of n rows with the n numbers of H and then that of b"
        : "least squares |A x - b|^2 is a file of rows with the numbers of A and then that of b"
    return yield* new WrongShape({ path, rows, columns, expected })
  }
  const { left, names, right } = split(matrix)
  const make = (products: Products.Products) => {
    const { radius } = options
    return kind === "quadratic"
      ? quadraticOnBall({ hessian: left, linear: right, radius, products })
      : leastSquaresOnBall({ features: left, dimension: width, targets: right, radius, products })
  }
  const [problem, exact] = yield* suitable(path, () => {
    const judged = make(Products.float64)
    if (options.products === Products.float64) return [judged, judged]
    return [answeredBy(judged, make(options.products)), judged]
  })
  const value = (x: Float64Array) => {
    const attained = exact.value(x)
    return [attained - exact.gap(x), attained] as const
  }
  const start = new Float64Array(width)
  return {
    description: `${exact.name} of dimension ${width} on the ball of radius ${options.radius}`,
    problem,
    exact,
    start,
    blocks: [{ title: "minimiser", names }],
    value,
    scale: exact.gap(start) || 1,
  } satisfies Loaded
})

/** Reads the file as a problem. Fails with what is wrong with it, and where. */
export const load = Effect.fn("SolveInput.load")(function* (options: {
  readonly path: string
  readonly kind: Kind
  readonly delimiter: "," | ";" | "\t" | "|"
  readonly radius: number | undefined
  readonly precision: Precision
  readonly seed: Seed.Seed
}): Effect.fn.Return<
  Loaded,
  CsvError | RadiusMissing | UnsuitableProblem | WrongShape,
  FileSystem.FileSystem | Scope.Scope
> {
  const { delimiter, kind, path, precision, radius, seed } = options
  const matrix = yield* CsvMatrix.read(path, { delimiter })
  const products = productsOf(precision, seed)
  if (kind === "game") {
    if (radius === undefined) return yield* game(path, matrix, products)
    const reason =
      "a game has no --radius; say --as quadratic or --as least-squares, or leave it out"
    return yield* new UnsuitableProblem({ path, reason })
  }
  if (radius === undefined) return yield* new RadiusMissing({ path })
  return yield* minimisation(path, kind, matrix, { radius, products })
})
