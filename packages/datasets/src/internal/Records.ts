/** Records of a text table with the lines on which they start, unpadded, without blank lines and comments. */
import { CsvError as ParseError } from "csv-parse"
import { Effect, Result, Stream } from "effect"
import { finished } from "node:stream/promises"
import { BadEncoding, MalformedCsv, type TextError } from "../CsvError.ts"
import { bytesOf, TooManyBytes } from "../FileError.ts"
import { OnRead, type Options, type Spelling } from "../Spelling.ts"
import * as Dialect from "./Dialect.ts"
import { Decoder, otherThanTable, otherThanText, type Undecodable } from "./Encoding.ts"
import { HeldBytes } from "./HeldBytes.ts"
import { LineCounter } from "./Lines.ts"
import { misnamed } from "./WrongExtension.ts"
import { type Cells, makeParser } from "./Parser.ts"
import { pause } from "./Pause.ts"
import { cellAt, type Columns } from "./typed/Columns.ts"
import * as Typed from "./typed/Typed.ts"

export type { Options } from "../Spelling.ts"

/** Consumer of the records. */
export interface Sink<out Problem, out E = never, out R = never> {
  /** Receives the format of the file, before any record. */
  readonly begin?: (spelling: Spelling) => void
  /** Receives a complete file of typed columns, before any record. */
  readonly typed?: (columns: Columns) => void
  /** Takes a record; if it returns a problem, it receives no further record. */
  readonly add: (cells: Cells, row: number) => Problem | undefined
  /** Takes a row of typed columns, from 0, in place of its record. */
  readonly addRow?: (columns: Columns["columns"], row: number) => Problem | undefined
  /** Runs between parts of the file, and at its end. */
  readonly flush?: Effect.Effect<void, E, R>
}

/** Number of bytes examined before the first record; more if a line is longer. After that it is read in parts. */
const sampled = { enough: 262_144, most: 16_777_216, lines: 2, part: 16_384 }

const lineEnd = /\r\n|\r|\n/

/** Mutable: the file so far, from bytes to records. */
class Reading<Problem> {
  readonly #path: string
  readonly #options: Options
  readonly #sink: Pick<Sink<Problem>, "add" | "begin">
  /** True if the content must not influence the format. */
  readonly #isFixed: boolean
  readonly #decoder: Decoder
  #isFirst = true
  /** Text that is buffered until the format is detected. */
  #sample: string | undefined = ""
  /** Ends of lines in it, two of each part at most. */
  #ends = 0
  #lines = new LineCounter(0)
  #parser: ReturnType<typeof makeParser> | undefined
  #handed = 0
  /**
   * Records without text, as at the end of spreadsheets. They count only if others follow, or if there are no others below a
   * header.
   */
  #empty: Array<{ readonly cells: Cells; readonly row: number }> = []
  problem: Problem | TextError | undefined
  #spelling: Spelling | undefined

  constructor(
    path: string,
    options: Options,
    sink: Pick<Sink<Problem>, "add" | "begin">,
    isFixed: boolean,
  ) {
    this.#path = path
    this.#options = options
    this.#sink = sink
    this.#isFixed = isFixed
    this.#decoder = new Decoder(options.encoding)
    if (isFixed) this.#begin(fixedSpelling(options), { lines: 0, comments: false })
  }

  /** Format of the file, final at its end: its encoding may show late. */
  get spelling(): Spelling {
    return { ...this.#spelling!, encoding: this.#decoder.encoding }
  }

  get goesOn(): boolean {
    return this.problem === undefined && !this.#parser?.errored
  }

  #begin(
    spelling: Spelling,
    { comments, lines }: { readonly comments: boolean; readonly lines: number },
  ): void {
    this.#spelling = spelling
    this.#sample = undefined
    this.#lines = new LineCounter(lines)
    this.#sink.begin?.(spelling)
    this.#parser = makeParser({ ...spelling, comments }, (record, info) => {
      const row = this.#lines.advance(record, info)
      if (record.length === 0) return
      const mayBeEnd = !this.#isFixed && record.every((cell) => cell === "")
      if (!mayBeEnd) this.#release()
      if (mayBeEnd) this.#empty.push({ cells: record, row })
      else this.#hand(record, row)
    })
  }

  #hand(cells: Cells, row: number): void {
    this.#handed++
    if (this.problem === undefined) this.problem = this.#sink.add(cells, row)
  }

  #release(): void {
    for (const { cells, row } of this.#empty) this.#hand(cells, row)
    this.#empty = []
  }

  /** Takes bytes, and returns the parts that can now be written. */
  add(bytes: Uint8Array, isLast: boolean): ReadonlyArray<string | Uint8Array> {
    if (this.#isFixed && this.#options.encoding === undefined) return isLast ? [] : [bytes]
    if (this.#isFirst) this.problem = otherThanText(this.#path, bytes)
    this.#isFirst = false
    if (this.problem !== undefined) return []
    const decoded = this.#decoder.add(bytes, isLast)
    if (Result.isSuccess(decoded)) return this.#textOf(decoded.success, isLast)
    this.problem = this.#badEncoding(decoded.failure)
    return []
  }

  /** Hands over the records of a part. */
  write(part: string | Uint8Array): void {
    this.#parser!.write(part)
  }

  #badEncoding({ linesAbove }: Undecodable): BadEncoding {
    const above = this.#parser?.info.lines ?? this.#sample!.split(lineEnd).length - 1
    return new BadEncoding({ path: this.#path, row: above + linesAbove + 1 })
  }

  #textOf(text: string | Uint8Array, isLast: boolean): ReadonlyArray<string | Uint8Array> {
    if (this.#sample === undefined) return text.length === 0 ? [] : [text]
    const more = typeof text === "string" ? text : new TextDecoder().decode(text)
    this.#sample += more
    this.#ends += more.split(lineEnd, 3).length - 1
    const { length } = this.#sample
    // without the ends of two lines that of one would not be known
    const isEnough =
      length >= sampled.most || (length >= sampled.enough && this.#ends >= sampled.lines)
    return isLast || isEnough ? this.#detect(this.#sample) : []
  }

  #detect(sample: string): ReadonlyArray<string> {
    const other = otherThanTable(this.#path, sample)
    const detected: Result.Result<Dialect.Dialect, TextError> =
      other === undefined ? Dialect.detect(this.#path, sample, this.#options) : Result.fail(other)
    if (Result.isFailure(detected)) {
      this.problem = detected.failure
      return []
    }
    const { dialect, ...around } = detected.success
    this.#begin({ encoding: this.#decoder.encoding, ...dialect }, around)
    const count = Math.ceil((sample.length - around.characters) / sampled.part)
    return Array.from({ length: count }, (_, k) => {
      const start = around.characters + k * sampled.part
      return sample.slice(start, start + sampled.part)
    })
  }

  /** The end of the file, and of the last record. */
  end(): Effect.Effect<void, MalformedCsv> {
    return Effect.suspend(() => {
      const parser = this.#parser
      if (this.problem !== undefined || parser === undefined) return Effect.void
      return Effect.tryPromise({
        try: async () => {
          await finished(parser.end())
          if (this.#handed <= 1) this.#release()
        },
        catch: (error) =>
          new MalformedCsv({
            path: this.#path,
            row: this.#lines.next(parser.info),
            code: error instanceof ParseError ? error.code : String(error),
          }),
      })
    })
  }
}

/** Format of a file whose content must not influence it. */
const fixedSpelling = ({ decimal, delimiter = ",", encoding = "utf-8" }: Options): Spelling => ({
  encoding,
  delimiter,
  decimal: decimal ?? ".",
  groups: decimal !== undefined,
  quote: '"',
})

/** Options of `parseInto` in addition to the format. */
export interface Treatment {
  /** Name of the file in errors. */
  readonly path: string
  /** True if the content must not influence the format: the defaults are a comma, a decimal point, UTF-8 and no comments. */
  readonly isFixed?: boolean
  /** True if the file is read only once, so that it may be a pipe. */
  readonly isOnce?: boolean
}

/** Cells of a table of columns that are handed over between two flushes. */
const block = 2 ** 18

/** Hands over a table of columns as the records of a text: the names, in row 0, and the rows from 1. */
const handColumns = Effect.fnUntraced(function* <Problem, E, R>(
  table: Columns,
  sink: Sink<Problem, E, R>,
): Effect.fn.Return<void, Problem | E, R> {
  const { columns, rows } = table
  const { add, flush = Effect.void } = sink
  const {
    addRow = (_, row) =>
      add(
        columns.map((column) => cellAt(column, row)),
        row + 1,
      ),
  } = sink
  sink.typed?.(table)
  const names = add(
    columns.map(({ name }) => name),
    0,
  )
  if (names !== undefined) return yield* Effect.fail(names)
  const some = Math.max(1, Math.floor(block / Math.max(1, columns.length)))
  for (let from = 0; from < rows; from += some) {
    for (let row = from; row < Math.min(rows, from + some); row++) {
      const problem = addRow(columns, row)
      if (problem !== undefined) return yield* Effect.fail(problem)
    }
    yield* flush
    yield* pause
  }
})

/**
 * Hands over the records of a stream of bytes as they come; of a file of typed columns when it has ended. Fails with the first
 * problem: one that the sink returns, or TextError.
 */
export const parseInto = Effect.fnUntraced(function* <E, R, Problem, E2 = never, R2 = never>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  { isFixed = false, path }: Treatment,
  options: Options,
  sink: Sink<Problem, E2, R2>,
): Effect.fn.Return<Spelling, E | E2 | TextError | Problem, R | R2> {
  const { flush = Effect.void } = sink
  const reading = new Reading(path, options, sink, isFixed)
  const take = Effect.fnUntraced(function* (chunk: Uint8Array, isLast: boolean) {
    for (const part of reading.add(chunk, isLast)) {
      reading.write(part)
      if (!reading.goesOn) return false
      // a record of very many cells takes long, and so does what is made of it
      yield* pause
      yield* flush
    }
    return reading.goesOn
  })
  const held = new HeldBytes()
  yield* Stream.runForEachWhile(bytes, (chunk) =>
    Effect.suspend(() => {
      const text = held.add(chunk)
      if (text !== undefined) return take(text, false)
      return Effect.succeed(held.length <= Typed.mostBytes)
    }),
  )
  const text = held.end()
  if (text === undefined) {
    if (held.length > Typed.mostBytes) {
      return yield* new TooManyBytes({ path, most: Typed.mostBytes })
    }
    const format = held.format!
    const columns = yield* Typed.read(path, format, held.take())
    const { unread = [] } = columns
    const spelling: Spelling = {
      ...fixedSpelling({}),
      groups: false,
      format,
      ...(unread.length > 0 && { unread }),
    }
    sink.begin?.(spelling)
    yield* handColumns(columns, sink)
    yield* flush
    return spelling
  }
  if (text.length > 0) yield* take(text, false)
  if (reading.goesOn) yield* take(new Uint8Array(), true)
  yield* reading.end()
  const { problem, spelling } = reading
  if (problem !== undefined) return yield* Effect.fail(problem)
  yield* pause
  yield* flush
  return spelling
})

/** Streams a file as `parseInto` does. Fails with FileError too, and with UnreadableTable on text under the name of another format. */
export const readInto = Effect.fnUntraced(function* <Problem, E = never, R = never>(
  treatment: Treatment,
  options: Options,
  sink: Sink<Problem, E, R>,
) {
  const { path } = treatment
  let detected: Spelling | undefined
  const begin = (spelling: Spelling) => {
    detected = spelling
    sink.begin?.(spelling)
  }
  const bytes = bytesOf(path, treatment.isOnce)
  const spelling = yield* parseInto(bytes, treatment, options, { ...sink, begin }).pipe(
    Effect.mapError((problem) => misnamed(path, detected, problem) ?? problem),
  )
  if (treatment.isFixed !== true) yield* (yield* OnRead)(treatment.path, spelling)
  return spelling
})
