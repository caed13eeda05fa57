/** The records of a CSV file as text, with the lines on which they start; lengths as they are, blank lines skipped. */
import { CsvError as ParseError, parse as makeParser } from "csv-parse"
import { Effect, FileSystem, Stream } from "effect"
import { finished } from "node:stream/promises"
import { MalformedCsv } from "../CsvError.ts"
import { fromPlatformError } from "../FileError.ts"
import { LineCounter } from "./Lines.ts"

/** What may separate the cells of a table. */
export type Delimiter = "," | ";" | "\t" | "|"

export interface Options {
  /** What separates cells; default ",". */
  readonly delimiter?: Delimiter
}

/** What becomes of the records. */
export interface Sink<out Problem, out E = never, out R = never> {
  /** Takes a record, or says what is wrong with it; after that it gets no other. */
  readonly add: (cells: ReadonlyArray<string>, row: number) => Problem | undefined
  /** Runs between parts of the file, and at its end. */
  readonly flush?: Effect.Effect<void, E, R>
}

/**
 * Hands over the records of a stream of bytes as they come. Fails with the first thing wrong: what the sink says of a record, or
 * MalformedCsv where quotes do not close; `path` is what that calls the file.
 */
export const parseInto = Effect.fnUntraced(function* <E, R, Problem, E2 = never, R2 = never>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  path: string,
  { delimiter = "," }: Options,
  { add, flush = Effect.void }: Sink<Problem, E2, R2>,
): Effect.fn.Return<void, E | E2 | MalformedCsv | Problem, R | R2> {
  const found: { problem?: Problem | undefined } = {}
  const lines = new LineCounter()
  const parser = makeParser({
    delimiter,
    bom: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    // whoever takes the records reports ragged ones, with the row
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    on_record: (record: ReadonlyArray<string>, info) => {
      const row = lines.advance(record, info)
      if (found.problem === undefined) found.problem = add(record, row)
      return null
    },
  })
  // a stream with an error and no listener ends the process
  parser.on("error", () => undefined)
  // no record is passed on, but the end of the readable side must be reached
  parser.resume()
  yield* Stream.runForEachWhile(bytes, (chunk) =>
    Effect.suspend(() => {
      parser.write(chunk)
      const goesOn = found.problem === undefined && parser.errored === null
      return goesOn ? Effect.as(flush, true) : Effect.succeed(false)
    }),
  )
  if (found.problem === undefined) {
    yield* Effect.tryPromise({
      try: () => finished(parser.end()),
      catch: (error) =>
        new MalformedCsv({
          path,
          row: lines.next(parser.info),
          code: error instanceof ParseError ? error.code : String(error),
        }),
    })
  }
  if (found.problem !== undefined) return yield* Effect.fail(found.problem)
  yield* flush
})

/** Reads a file, streamed, as `parseInto` does; fails with FileError too. */
export const readInto = Effect.fnUntraced(function* <Problem, E = never, R = never>(
  path: string,
  options: Options,
  sink: Sink<Problem, E, R>,
) {
  const fs = yield* FileSystem.FileSystem
  const bytes = fs.stream(path).pipe(Stream.mapError(fromPlatformError(path)))
  return yield* parseInto(bytes, path, options, sink)
})
