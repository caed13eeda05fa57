/** Problems of a file, and the flags that read it: for its owner only, since it quotes rows. It is not a release. */
import { BadCell } from "@nonconvex/datasets/Csv"
import * as Spelling from "@nonconvex/datasets/Spelling"
import * as Table from "@nonconvex/datasets/Table"
import { PrivateScatter, Public } from "@nonconvex/dp-lowrank"
import { readPrivateTable } from "@nonconvex/dp-lowrank/node"
import { Effect, Schema } from "effect"
import * as TextTable from "../../cli/TextTable.ts"
import * as UnitOfPrivacy from "./UnitOfPrivacy.ts"
import type { Input } from "./ReleaseFlags.ts"
import { checkWidth } from "./Unusable.ts"
import { reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"

/** The first line holds numbers: a file without column names, in which every line is a row. */
export class NoNames extends Schema.TaggedError<NoNames>()("NoNames", {
  path: Schema.String,
  columns: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: the first line holds numbers; if it is a row, name its ${this.columns} columns with --names, such as --names a,b,c`
  }
}

/** No numeric column is left. */
export class NoNumbers extends Schema.TaggedError<NoNumbers>()("NoNumbers", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: no numeric column is left; check --delimiter and --decimal`
  }
}

/** One reading of the file without some columns: its content, or the first cell that is not a number. */
const reading = Effect.fnUntraced(function* (data: Input["data"], without: ReadonlyArray<string>) {
  const { names, path, spelling } = data
  const blanks = new Map<string, number>()
  let columns: ReadonlyArray<string> = []
  const count = (values: Float64Array) =>
    Effect.sync(() => {
      for (let at = 0; at < values.length; at++) {
        if (!Number.isNaN(values[at]!)) continue
        const name = columns[at % columns.length]!
        blanks.set(name, (blanks.get(name) ?? 0) + 1)
      }
    })
  const options = { ...spelling, ignore: [...data.ignore, ...without], mayMiss: true }
  const named = names === undefined ? options : { ...options, names }
  const handed = yield* Table.readInto<NoNames | NoNumbers, never>(path, named, (found, isText) => {
    columns = found
    if (found.length === 0) return Effect.fail(new NoNumbers({ path }))
    return isText && names === undefined && !found.every(Table.isWord)
      ? Effect.fail(new NoNames({ path, columns: found.length + without.length }))
      : Effect.succeed(count)
  })
  return { ...handed, blanks, columns }
})

/** Every text column, each found by a reading that stops at its first cell, and the reading without them. */
const readable = Effect.fnUntraced(function* (data: Input["data"]) {
  const words: Array<BadCell> = []
  for (;;) {
    const attempt = reading(
      data,
      words.map(({ column }) => column),
    ).pipe(
      Effect.catchTag("BadCell", (bad) =>
        bad.reason === "not-a-number" ? Effect.succeed(bad) : Effect.fail(bad),
      ),
    )
    const found = yield* attempt
    if (!(found instanceof BadCell)) return { ...found, words }
    words.push(found)
  }
})

/** Column named like a person in which one value occurs most often, with that number; undefined if none repeats. */
const repeats = Effect.fnUntraced(function* (data: Input["data"], found: Spelling.Options) {
  const counts = new Map<string, Map<string, number>>()
  let names = data.names
  yield* Table.readRecords<never>(
    data.path,
    { ...data.spelling, ...found },
    {
      add: (cells) => {
        if (names === undefined) {
          names = [...cells]
          return undefined
        }
        for (const [j, name] of names.entries()) {
          if (!UnitOfPrivacy.isOfPeople(name)) continue
          const column = counts.get(name) ?? new Map<string, number>()
          counts.set(name, column)
          column.set(cells[j] ?? "", (column.get(cells[j] ?? "") ?? 0) + 1)
        }
        return undefined
      },
    },
  )
  return Array.from(counts, ([column, values]) => {
    let rows = 0
    for (const times of values.values()) rows = Math.max(rows, times)
    return { column, rows }
  }).find(({ rows }) => rows > 1)
})

/** Tests whether a release would accept this reading: it allows no comments, and no lines above the names. */
const isReleasable = (
  data: Input["data"],
  spelling: Spelling.Options,
  words: ReadonlyArray<BadCell>,
) =>
  readPrivateTable(
    {
      ...data.spelling,
      decimal: spelling.decimal,
      path: data.path,
      ignore: [...data.ignore, ...words.map(({ column }) => column)],
      mayMiss: true,
      neighbours: "add-remove",
      ...(data.names === undefined ? {} : { names: data.names }),
    },
    ({ length: dimension }) =>
      Effect.map(checkWidth(dimension), () => ({
        scatter: PrivateScatter.make({ dimension, bound: Public.bound(1) }),
      })),
  ).pipe(
    Effect.as(true),
    Effect.catchTag("UnusableTable", () => Effect.succeed(false)),
  )

const quoted = (text: string): string => (/^[\w.-]+$/.test(text) ? text : JSON.stringify(text))

/** Reports problems of the file, and the flags that resolve them. Fails with a problem that no flag resolves. */
export const check = Effect.fn("release.check")(function* (data: Input["data"]) {
  const { blanks, columns, rows, spelling, words } = yield* readable(data)
  const isTaken = yield* isReleasable(data, spelling, words)
  const people = yield* repeats(data, spelling)
  const flags = [
    ...(spelling.format === undefined ? [Spelling.describe(spelling).replaceAll(",", "")] : []),
    ...(data.names === undefined ? [] : [`--names ${data.names.join(",")}`]),
    ...[...data.ignore, ...words.map(({ column }) => column)].map(
      (column) => `--ignore ${quoted(column)}`,
    ),
    ...(blanks.size > 0 ? ["--missing centre"] : []),
  ]
  yield* Output.text(
    [
      `${data.path}: for the owner of the rows only; nothing was released and no budget was spent`,
      `holds          ${TextTable.plural(rows, "row")} of ${TextTable.plural(columns.length, "column")} of numbers`,
      ...words.map(
        ({ cell, column, row }) =>
          `words          column ${quoted(column)} has ${JSON.stringify(cell.slice(0, 40))} on line ${row}: correct it, or omit the column`,
      ),
      ...Array.from(
        blanks,
        ([column, count]) =>
          `blank          column ${quoted(column)} has ${TextTable.plural(count, "cell")} without a value: fill them in, or count them as the centre`,
      ),
      ...(people === undefined
        ? []
        : [
            `people         column ${quoted(people.column)} has one value in up to ${people.rows} rows: if these rows belong to one person, merge them, or set --rows-per-person to a public number`,
          ]),
      ...(isTaken
        ? []
        : ["refused        comments and lines above the names are not allowed: remove them"]),
      `release with   ${flags.length === 0 ? "these flags" : flags.join(" ")}`,
    ].join("\n"),
  )
}, reported)
