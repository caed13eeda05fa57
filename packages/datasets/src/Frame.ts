/**
 * Tables with a header whose columns hold numbers or words, with missing values, before they are encoded for a network.
 *
 * A column holds numbers if every cell that is not empty is a number, and words otherwise; typed files decide by their
 * types. A numeric column with a few other cells is rejected with the position of the first, since it would become one
 * category per number.
 */
import { Effect, type FileSystem, Result } from "effect"
import { BadCell, type BadHeader, EmptyCsv, MissingColumn, type RaggedRow } from "./CsvError.ts"
import * as Cell from "./internal/Cell.ts"
import * as Grid from "./internal/Grid.ts"
import * as Header from "./internal/Header.ts"
import { pause } from "./internal/Pause.ts"
import * as Records from "./internal/Records.ts"
import type { Options as Spelled, Spelling } from "./Spelling.ts"
import type { Numbers, Options, Words } from "./internal/Column.ts"

export type Column = Numbers | Words

/** Cells of a column exactly as in the file, one per row: "007" is not the same identifier as "7". */
export interface Verbatim {
  readonly cells: ReadonlyArray<string>
  /** True if the file declares them as texts. */
  readonly areTexts: boolean
}

export interface Frame {
  readonly path: string
  readonly spelling: Spelling
  readonly rows: number
  /** The line of the file on which each row starts, from 1. */
  readonly lines: ReadonlyArray<number>
  /** By name, in the order of the file. */
  readonly columns: ReadonlyMap<string, Column>
  /** Columns that were requested verbatim, in addition to `columns`. */
  readonly verbatim: ReadonlyMap<string, Verbatim>
}

/** Errors when reading a frame. */
type ReadError = Grid.ReadError | BadCell | BadHeader | MissingColumn | RaggedRow

/** Number of cells to read between two pauses. */
const stretch = 2 ** 18

/** Maximum number of different words among numbers: codes such as 1, 2, 2a. */
const mostCodes = 20

/** Words that usually mark a missing value, but may also name a category. */
const saysMissing = /^(missing|unknown|unbekannt|not (available|known|recorded)|no data)$/i

/** Canonical name of a word that is a number: the same for "1", "01" and "1.0". */
const named = (text: string | undefined, value: number): string =>
  Number.isNaN(value) ? text! : String(value)

class Reader {
  readonly #grid: Grid.Grid
  /** Number of cells read since the last pause. */
  #cells = 0
  constructor(grid: Grid.Grid) {
    this.#grid = grid
  }

  /** Calls `visit` for each row, and yields after each stretch of cells. */
  *#eachRow(visit: (i: number) => void): Generator<void> {
    const rows = this.#grid.records - 1
    for (let from = 0; from < rows; from += stretch) {
      const to = Math.min(rows, from + stretch)
      for (let i = from; i < to; i++) visit(i)
      this.#cells += to - from
      if (this.#cells < stretch) continue
      this.#cells = 0
      yield
    }
  }

  /** Reason why a cell with content holds no number. */
  #reason(j: number, i: number): BadCell["reason"] | undefined {
    const { spelling, text } = this.#grid
    const cell = text(i + 1, j) ?? ""
    const reason = Cell.toNumber(cell, spelling)
    if (typeof reason === "number" || reason === "missing") return undefined
    return reason === "not-a-number" && saysMissing.test(cell.trim()) ? "word-for-missing" : reason
  }

  #badCell(
    column: string,
    j: number,
    { i, reason }: { readonly i: number; readonly reason: BadCell["reason"] },
  ): BadCell {
    const { line, path, text } = this.#grid
    return new BadCell({ path, row: line(i + 1), column, cell: text(i + 1, j) ?? "", reason })
  }

  *#words(name: string, j: number, values: Float64Array): Generator<void, Words> {
    const codes = new Int32Array(values.length)
    const known = new Map<string, number>()
    yield* this.#eachRow((i) => {
      const word = named(this.#grid.text(i + 1, j), values[i]!)
      if (Cell.isMissing(word)) codes[i] = -1
      else {
        const code = known.get(word) ?? known.size
        known.set(word, code)
        codes[i] = code
      }
    })
    return { _tag: "Words", name, codes, words: [...known.keys()] }
  }

  verbatim(j: number): Verbatim {
    const { records, text, texts } = this.#grid
    const cells = Array.from({ length: records - 1 }, (_, i) => text(i + 1, j) ?? "")
    return { cells, areTexts: texts.has(j) }
  }

  /** Yields where a pause is due: neither a column nor very many of them may take long without one. */
  *column(
    name: string,
    j: number,
    kind: Column["_tag"] | undefined,
  ): Generator<void, Result.Result<Column, BadCell>> {
    const { records, values: all, width } = this.#grid
    const values = new Float64Array(records - 1)
    yield* this.#eachRow((i) => {
      values[i] = all[(i + 1) * width + j]!
    })
    if (kind === "Words") return Result.succeed(yield* this.#words(name, j, values))
    let [bad, found] = [0, 0]
    let first: { readonly i: number; readonly reason: BadCell["reason"] } | undefined
    // prices are no names, but a price among names is one
    let areNumbers = true
    yield* this.#eachRow((i) => {
      const value = values[i]!
      const reason = Number.isNaN(value) ? this.#reason(j, i) : undefined
      if (reason === undefined) {
        if (!Number.isNaN(value)) found++
        return
      }
      bad++
      first ??= { i, reason }
      if (reason === "not-a-number" || reason === "word-for-missing") areNumbers = false
    })
    if (first === undefined) return Result.succeed({ _tag: "Numbers", name, values })
    if (kind === "Numbers" || areNumbers) return Result.fail(this.#badCell(name, j, first))
    const words = yield* this.#words(name, j, values)
    return found > bad && words.words.length > mostCodes
      ? Result.fail(this.#badCell(name, j, first))
      : Result.succeed(words)
  }
}

/**
 * First record of a file with its line and format: the names, available before any row can fail. Fails with FileError,
 * EmptyCsv and TextError.
 */
export const headerOf = Effect.fn("Frame.headerOf")(function* (
  path: string,
  spelled: Spelled = {},
) {
  let how: Spelling | undefined
  return yield* Records.readInto({ path }, spelled, {
    begin: (spelling) => (how = spelling),
    add: (names, row) => ({ _tag: "Names" as const, names, row, spelling: how! }),
  }).pipe(
    Effect.andThen(Effect.fail(new EmptyCsv({ path, missing: "everything" }))),
    Effect.catchTag("Names", (header) => Effect.succeed(header)),
  )
})

/**
 * Reads a file. A first column without a name, next to named ones, is an index and omitted. Fails with `ReadError`:
 * BadHeader on equal names, MissingColumn on a name that the header lacks, EmptyCsv on a header alone, and BadCell on a
 * cell.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Frame from "@nonconvex/datasets/Frame"
 * import { Effect, FileSystem, Stream } from "effect"
 *
 * const files = FileSystem.layerNoop({ stream: () => Stream.make(new TextEncoder().encode("city,rooms\nUlm,1\n,2\n")) })
 * const { columns } = await Effect.runPromise(Effect.provide(Frame.read("a.csv"), files))
 * columns.get("city") // => { _tag: "Words", name: "city", codes: Int32Array.of(0, -1), words: ["Ulm"] }
 * columns.get("rooms") // => { _tag: "Numbers", name: "rooms", values: Float64Array.of(1, 2) }
 * ```
 */
export const read = Effect.fn("Frame.read")(function* (
  path: string,
  {
    ignore = [],
    numbers = [],
    only,
    required = [],
    verbatim = [],
    words = [],
    ...spelled
  }: Options = {},
): Effect.fn.Return<Frame, ReadError, FileSystem.FileSystem> {
  const asked = new Set([...required, ...numbers, ...words, ...verbatim])
  /** Errors in the names. */
  const wrong = (record: ReadonlyArray<string>, spelling: Spelling) => {
    const unread = Header.unreadColumn(path, spelling, (name) => asked.has(name))
    if (unread !== undefined) return unread
    const left = new Set(spelling.unread?.map(({ column: name }) => name))
    // few names against a million, and not the other way round
    const missing = new Set([...asked, ...ignore.filter((name) => !left.has(name))])
    for (const name of record) if (missing.size > 0) missing.delete(name)
    const [column] = missing
    return column === undefined ? undefined : new MissingColumn({ path, column, available: record })
  }
  const grid = yield* Grid.read(path, spelled, { verbatim, first: wrong })
  // of very many names each step takes long
  yield* pause
  const { first, line, records, spelling, width } = grid
  const hasIndex = first[0] === "" && width > 1
  const names = hasIndex ? first.slice(1) : first
  const places = yield* Effect.fromResult(Header.placesOf(names, { path, row: line(0) }))
  yield* pause
  if (records < 2) return yield* new EmptyCsv({ path, missing: "data" })
  const kinds = new Map<string, Column["_tag"]>([
    ...numbers.map((name) => [name, "Numbers"] as const),
    ...words.map((name) => [name, "Words"] as const),
  ])
  const ignored = new Set(ignore)
  const indices = hasIndex ? 1 : 0
  const reader = new Reader(grid)
  const columns = new Map<string, Column>()
  for (const [name, place] of places) {
    const j = place + indices
    if (ignored.has(name) || only?.has(name) === false) continue
    const kind = kinds.get(name) ?? (grid.texts.has(j) ? "Words" : undefined)
    const reading = reader.column(name, j, kind)
    let step = reading.next()
    for (; step.done !== true; step = reading.next()) yield* pause
    columns.set(name, yield* Effect.fromResult(step.value))
  }
  return {
    path,
    spelling,
    rows: records - 1,
    lines: Array.from({ length: records - 1 }, (_, i) => line(i + 1)),
    columns,
    verbatim: new Map(
      verbatim.map((name) => [name, reader.verbatim(places.get(name)! + indices)] as const),
    ),
  }
})

/** Tests whether the column has a value in this row. */
export const has = (of: Column, row: number): boolean =>
  of._tag === "Words" ? of.codes[row]! >= 0 : !Number.isNaN(of.values[row]!)

/** Word in a row, or its number as a word; undefined if there is none. */
export const word = (of: Column, row: number): string | undefined => {
  if (!has(of, row)) return undefined
  return of._tag === "Words" ? of.words[of.codes[row]!] : String(of.values[row])
}
