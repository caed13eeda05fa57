/** Input of `solve`: a payoff matrix, a quadratic or a least-squares problem, with names for its coordinates. */
import type { CsvError } from "@nonconvex/datasets/Csv"
import type { Format } from "@nonconvex/datasets/Spelling"
import * as Table from "@nonconvex/datasets/Table"
import type { Posed } from "@nonconvex/reproducible-minimax/operations"
import { Effect, type FileSystem, Schema } from "effect"

export type Kind = "game" | "quadratic" | "least-squares"

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
export class UnsuitableFile extends Schema.TaggedError<UnsuitableFile>()("UnsuitableFile", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

export interface Block {
  readonly title: string
  readonly names: ReadonlyArray<string>
}

/** Shape of the table, and the interpretation of its first line and column. */
export interface Reading {
  readonly rows: number
  readonly columns: number
  readonly header: boolean
  readonly rowNames: boolean
}

interface Asked {
  readonly description: string
  readonly problem: Posed
  /** The coordinates in the order of the point. */
  readonly blocks: ReadonlyArray<Block>
}

export interface Loaded extends Asked {
  readonly read: Reading
  /** Format of a binary file. */
  readonly format: Format | undefined
}

/** The names of the file, and numbers where it has none. */
const named = (
  title: string,
  count: number,
  names: ReadonlyArray<string> = [],
): ReadonlyArray<string> => Array.from({ length: count }, (_, k) => names[k] || `${title} ${k + 1}`)

/** The row player receives the entry from the column player. */
const game = ({ columnNames, columns, rowNames, rows, values }: Table.Table): Asked => ({
  description: `matrix game, ${rows} x ${columns}, paid to the row player`,
  problem: { _tag: "MatrixGame", payoffs: values, rows, columns },
  blocks: [
    { title: "column", names: named("column", columns, columnNames) },
    { title: "row", names: named("row", rows, rowNames) },
  ],
})

/** The last column is b, and the names of the others are those of the coordinates. */
const minimisation = (
  { columnNames, columns, rows, values }: Table.Table,
  kind: "quadratic" | "least-squares",
  radius: number,
): Asked => {
  const width = columns - 1
  const left = new Float64Array(rows * width)
  const right = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    left.set(values.subarray(i * columns, i * columns + width), i * width)
    right[i] = values[i * columns + width]!
  }
  const [name, problem]: readonly [string, Posed] =
    kind === "quadratic"
      ? ["quadratic", { _tag: "Quadratic", hessian: left, linear: right, radius }]
      : ["least squares", { _tag: "LeastSquares", features: left, targets: right, radius }]
  return {
    description: `${name} of dimension ${width} on the ball of radius ${radius}`,
    problem,
    blocks: [{ title: "minimiser", names: named("x", width, columnNames) }],
  }
}

/** Reads the file as a problem. Fails with what is wrong with it, and where. */
export const load = Effect.fn("SolveInput.load")(function* (options: {
  readonly path: string
  readonly kind: Kind
  readonly spelling: Table.Options & Table.Names
  readonly radius: number | undefined
}): Effect.fn.Return<
  Loaded,
  CsvError | RadiusMissing | UnsuitableFile | WrongShape,
  FileSystem.FileSystem
> {
  const { kind, path, radius, spelling } = options
  const table = yield* Effect.fromResult(Table.allNumbers(yield* Table.read(path, spelling)))
  const { columnNames, columns, rowNames, rows } = table
  const { format } = table.spelling
  const read = {
    rows,
    columns,
    header: columnNames !== undefined,
    rowNames: rowNames !== undefined,
  }
  if (kind === "game") {
    if (radius === undefined) return { ...game(table), read, format }
    const reason =
      "a game has no --radius; say --as quadratic or --as least-squares, or leave it out"
    return yield* new UnsuitableFile({ path, reason })
  }
  if (radius === undefined) return yield* new RadiusMissing({ path })
  if (kind === "quadratic" ? rows !== columns - 1 : columns < 2) {
    const expected =
      kind === "quadratic"
        ? "a quadratic x^T H x / 2 - b^T x is a file of n rows with the n numbers of H and then that of b"
        : "least squares |A x - b|^2 is a file of rows with the numbers of A and then that of b"
    return yield* new WrongShape({ path, rows, columns, expected })
  }
  return { ...minimisation(table, kind, radius), read, format }
})
