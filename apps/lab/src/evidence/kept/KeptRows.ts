/**
 * Rows of an experiment at several seeds, stored as text. A `#` line of JSON describes them, and a CSV table has the root seed as
 * its first column.
 */
import { MissingFile, readBytes } from "@nonconvex/datasets/FileError"
import * as Csv from "@nonconvex/evidence/Csv"
import type { Experiment, Row } from "@nonconvex/evidence/Experiment"
import * as Reason from "@nonconvex/evidence/Reason"
import { canonical } from "@nonconvex/runner/RunKey"
import { firstDifference } from "@nonconvex/store/Compare"
import { Effect, Path, Schema } from "effect"
import * as CsvRows from "./CsvRows.ts"

/** The ten seeds whose rows are kept. */
export const seedsOf = ({ firstSeed = 1 }: Pick<Experiment, "firstSeed">): ReadonlyArray<number> =>
  Array.from({ length: 10 }, (_, at) => firstSeed + at)

export const preset = "fast"

const column = "root seed"

const Heading = Schema.Struct({
  experiment: Schema.String,
  preset: Schema.Literal(preset),
  config: Schema.Json,
  seeds: Schema.Array(Schema.Int),
  /** SHA-256 over the code that computed them: of the system with its kernels and data. */
  code: Schema.String,
  columns: Schema.Record(Schema.String, Schema.Literals(["number", "text", "truth"])),
})

/** Rows by seed, with their provenance. */
export interface KeptRows extends Omit<typeof Heading.Type, "columns" | "seeds" | "preset"> {
  readonly rows: ReadonlyMap<number, ReadonlyArray<Row>>
}

const Text = Schema.fromJsonString(Schema.toCodecJson(Heading))

/** File of an experiment in the folder of kept rows: `catapults/rate-schedule.csv`. */
export const fileOf = Effect.fnUntraced(function* (folder: string, experiment: string) {
  const path = yield* Path.Path
  return `${path.join(folder, ...experiment.split("/"))}.csv`
})

const typeOf = (value: Row[string]): CsvRows.ColumnType =>
  typeof value === "number" ? "number" : typeof value === "boolean" ? "truth" : "text"

export const encode = ({ code, config, experiment, rows }: KeptRows): string => {
  const flat = Array.from(rows).flatMap(([seed, some]) =>
    some.map((row) => ({ [column]: seed, ...row })),
  )
  const columns = Object.fromEntries(
    flat.flatMap((row) => Object.entries(row).map(([name, value]) => [name, typeOf(value)])),
  )
  const heading = { experiment, preset, config, seeds: [...rows.keys()], code, columns } as const
  return `# ${Schema.encodeSync(Text)(heading)}\r\n${Csv.encode(flat)}`
}

/** A file that holds no rows of an experiment, or rows that cannot be used. */
export class UnusableRows extends Schema.TaggedError<UnusableRows>()("UnusableRows", {
  path: Schema.String,
  experiment: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path} ${this.reason}; recompute it with nonconvex keep ${this.experiment}`
  }
}

/** Maximum size of a file that is read, since it may be untrusted. */
const mostBytes = 2 ** 26

export const decode = Effect.fnUntraced(function* (
  path: string,
  experiment: string,
  text: string,
): Effect.fn.Return<KeptRows, UnusableRows> {
  const failed = (reason: string) => new UnusableRows({ path, experiment, reason })
  const end = text.indexOf("\r\n")
  if (!text.startsWith("# ") || end < 0) return yield* failed("lacks its provenance")
  const {
    columns,
    preset: _,
    seeds: kept,
    ...heading
  } = yield* Effect.mapError(Schema.decodeUnknownEffect(Text)(text.slice(2, end)), (error) =>
    failed(`has an invalid provenance (${Reason.of(error)})`),
  )
  if (heading.experiment !== experiment) {
    return yield* failed(`belongs to the experiment ${heading.experiment}`)
  }
  const bySeed = new Map(kept.map((seed) => [seed, new Array<Row>()]))
  for (const { [column]: seed, ...row } of CsvRows.decode(text.slice(end + 2), columns)) {
    const rows = bySeed.get(Number(seed))
    if (rows === undefined)
      return yield* failed(`has rows of seed ${seed}, which its provenance does not list`)
    rows.push(row)
  }
  return { ...heading, rows: bySeed }
})

/**
 * Kept rows of an experiment; undefined if there are none. Fails with `UnusableRows` if the settings differ from those of
 * its preset.
 */
export const read = Effect.fn("KeptRows.read")(function* (folder: string, experiment: Experiment) {
  const path = yield* fileOf(folder, experiment.id)
  const bytes = yield* readBytes(path, mostBytes).pipe(
    Effect.catchIf(
      (error) => error instanceof MissingFile,
      () => Effect.succeed(undefined),
    ),
    Effect.mapError(
      ({ message }) => new UnusableRows({ path, experiment: experiment.id, reason: message }),
    ),
  )
  if (bytes === undefined) return undefined
  const kept = yield* decode(path, experiment.id, new TextDecoder().decode(bytes))
  if (canonical(kept.config) !== canonical(experiment.preset(preset))) {
    const reason = "has different settings than the current preset"
    return yield* new UnusableRows({ path, experiment: experiment.id, reason })
  }
  return kept
})

/** Cells in the order of their names: a file has one order for all rows. */
const arranged = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** First difference between two lists of rows, in words; undefined if they are equal bit for bit. */
export const difference = (
  kept: ReadonlyArray<Row>,
  found: ReadonlyArray<Row>,
): string | undefined => {
  const part = (rows: ReadonlyArray<Row>) => ({
    _tag: "Rows" as const,
    seconds: 0,
    rows: rows.map(arranged),
  })
  const apart = firstDifference(part(kept), part(found))
  if (apart === undefined) return undefined
  const place = apart.place === "" ? "" : `${apart.place}: `
  return `${place}${apart.kept} is saved, ${apart.found} was recomputed`
}
