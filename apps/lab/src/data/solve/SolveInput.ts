/** Input of `solve`: a payoff matrix, a quadratic or a least-squares problem, with names for its coordinates. */
import type { CsvError } from "@nonconvex/datasets/Csv"
import type { Format } from "@nonconvex/datasets/Spelling"
import * as Table from "@nonconvex/datasets/Table"
import * as Seam from "@nonconvex/numerics/Seam"
import {
  gameIn,
  minimisationIn,
  WrongShape,
  type solve,
} from "@nonconvex/reproducible-minimax/operations"
import { Effect, type FileSystem, Schema } from "effect"

export type Kind = "game" | "quadratic" | "least-squares"

/** A minimisation needs a set with a bound. */
export class RadiusMissing extends Schema.TaggedError<RadiusMissing>()("RadiusMissing", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: give a bound on the distance of a minimiser from the origin with --radius`
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
  readonly problem: Parameters<typeof solve>[0]["problem"]
  /** Names of the coordinates, in the order of the point. */
  readonly blocks: ReadonlyArray<Block>
}

export interface Loaded extends Asked {
  readonly read: Reading
  /** Format of a binary file. */
  readonly format: Format | undefined
}

/** Names from the file, or numbers if it has none. */
const named = (
  title: string,
  count: number,
  names: ReadonlyArray<string> = [],
): ReadonlyArray<string> => Array.from({ length: count }, (_, k) => names[k] || `${title} ${k + 1}`)

/** A game, with the names of the moves. */
const game = (table: Table.Table): Asked => ({
  description: `matrix game, ${table.rows} x ${table.columns}, paid to the row player`,
  problem: gameIn(table),
  blocks: [
    { title: "column", names: named("column", table.columns, table.columnNames) },
    { title: "row", names: named("row", table.rows, table.rowNames) },
  ],
})

/** A minimisation, with the names of the coordinates. Throws WrongShape. */
const minimisation = (table: Table.Table, kind: Exclude<Kind, "game">, radius: number): Asked => {
  const width = table.columns - 1
  const problem = minimisationIn(table, kind, radius)
  return {
    description: `${kind.replace("-", " ")} of dimension ${width} on the ball of radius ${radius}`,
    problem,
    blocks: [{ title: "minimiser", names: named("x", width, table.columnNames) }],
  }
}

/** Reads the file as a problem. Fails with the error and its position. */
export const load = Effect.fn("SolveInput.load")(function* (options: {
  readonly path: string
  readonly kind: Kind
  readonly spelling: Table.Options & Table.Names
  readonly radius: number | undefined
}): Effect.fn.Return<Loaded, CsvError | RadiusMissing | UnsuitableFile, FileSystem.FileSystem> {
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
      "a game has no --radius; set --as quadratic or --as least-squares, or omit --radius"
    return yield* new UnsuitableFile({ path, reason })
  }
  if (radius === undefined) return yield* new RadiusMissing({ path })
  const asked = yield* Seam.attempt([WrongShape], () => minimisation(table, kind, radius)).pipe(
    Effect.mapError(({ message }) => new UnsuitableFile({ path, reason: message })),
  )
  return { ...asked, read, format }
})
