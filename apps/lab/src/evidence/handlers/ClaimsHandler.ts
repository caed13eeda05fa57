import * as InFloatingPoint from "@nonconvex/evidence/exact/InFloatingPoint"
import * as Kind from "@nonconvex/evidence/Kind"
import { Effect, Schema } from "effect"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Lookup from "../Lookup.ts"
import { StatementEntry } from "../StatementEntry.ts"
import type { SystemIndex } from "../SystemIndex.ts"
import * as Verdicts from "../Verdicts.ts"
import * as SourceFile from "../SourceFile.ts"

/** A reason, how many statements have it, and which. */
const exactness = (entries: ReadonlyArray<StatementEntry>, width: number): string => {
  const group = (title: string, of: (entry: StatementEntry) => boolean) => {
    const ids = entries.filter(of).map(({ id }) => id)
    if (ids.length === 0) return []
    const head = Table.wrap(`${ids.length}: ${title}`, width, "")
    return [`${head}\n${Table.wrap(ids.join(", "), width, "  ")}`]
  }
  const isWritten = ({ inFloatingPoint, isExact }: StatementEntry) =>
    isExact === true && inFloatingPoint === undefined
  const confirmed = entries.filter(({ isExact }) => isExact === true).length
  return [
    `For ${confirmed} of ${Table.plural(entries.length, "statement")}, a violation is confirmed exactly.`,
    ...group("by fractions, or by intervals rounded outward", isWritten),
    ...Object.entries(InFloatingPoint.reasons).flatMap(([reason, words]) =>
      group(`${reason}: ${words}`, ({ inFloatingPoint }) => inFloatingPoint === reason),
    ),
  ].join("\n\n")
}

const describe = (width: number) => (entry: StatementEntry) =>
  [
    entry.kind === "claim" ? entry.id : `${entry.id} (erratum)`,
    Table.wrap(entry.statement, width, "  "),
    Table.wrap(
      `${entry.kind === "claim" ? `${Kind.of(entry.source)}: ` : ""}${entry.source.paper}, ${entry.source.statement}, ${entry.source.basis}`,
      width,
      "  ",
    ),
    ...(entry.class === undefined
      ? [Table.wrap(`must fail under: ${entry.controls.join("; ")}`, width, "  ")]
      : [
          Table.wrap(Verdicts.describeFault(entry.class, entry.read), width, "  "),
          `  ${entry.corrected} holds instead`,
        ]),
  ].join("\n")

const kinds = {
  theorem: ["theorem of the paper", "theorems of the paper"],
  lemma: ["lemma of ours", "lemmas of ours"],
  identity: ["identity", "identities"],
  observation: ["observation on chosen problems", "observations on chosen problems"],
} as const

const isClaim = ({ kind }: StatementEntry): boolean => kind === "claim"

/** The statements of one system by kind, each by its name. */
const byKind = ({ statements }: SystemIndex, width: number): string => {
  const group = ([one, many]: readonly [string, string], among: ReadonlyArray<StatementEntry>) => {
    const names = among.map(({ id }) => id.slice(id.indexOf("/") + 1))
    return names.length === 0
      ? []
      : [Table.plural(names.length, one, many), Table.wrap(names.join(", "), width, "  ")]
  }
  const claims = statements.filter(isClaim)
  const errata = statements.filter(({ kind }) => kind === "erratum")
  return [
    ...Object.entries(kinds).flatMap(([kind, title]) =>
      group(
        title,
        claims.filter(({ source }) => Kind.of(source) === kind),
      ),
    ),
    ...group(["erratum", "errata"], errata),
  ].join("\n")
}

/** The numbers of statements of each kind, by system. */
const counted = (systems: ReadonlyArray<SystemIndex>, width: number): string =>
  [
    Table.render(
      ["SYSTEM", "CLAIMS", "ERRATA"],
      systems.map(({ id, statements }) => {
        const claims = statements.filter(isClaim)
        return [
          id,
          Kind.counted(claims.map(({ source }) => source)),
          String(statements.length - claims.length),
        ]
      }),
      width,
    ),
    "",
    Table.wrap(
      "nonconvex claims <system> lists the names; --all adds statements, sources and controls.",
      width,
    ),
  ].join("\n")

/** The file of a statement or an experiment, in the list that `claims --where --json` prints. */
const FileEntry = Schema.Struct({
  id: Schema.String,
  /** Absent where the system names no module. */
  file: Schema.optionalKey(Schema.String),
})

const files = Effect.fnUntraced(function* (name: string | undefined, json: boolean) {
  const sought = yield* Lookup.sought(name)
  const entries = yield* Effect.forEach(sought, (each) =>
    Effect.map(SourceFile.fileOf(each), (file) => ({
      id: each.id,
      ...(file === undefined ? {} : { file }),
    })),
  )
  if (json) return yield* Output.json(Schema.Array(FileEntry), entries)
  const lines = entries.map(({ file = "its system names no module", id }) =>
    entries.length === 1 ? file : `${id}  ${file}`,
  )
  return yield* Output.text(lines.join("\n"))
})

export const handle = Effect.fn("claims")(function* ({
  all,
  exactness: isOfExactness,
  json,
  system,
  where,
}: {
  readonly all: boolean
  readonly exactness: boolean
  readonly json: boolean
  readonly system: string | undefined
  readonly where: boolean
}) {
  if (where) return yield* files(system, json)
  const systems = yield* Lookup.systems(system)
  const entries = systems.flatMap(({ statements }) => statements)
  const width = yield* Output.width
  if (json || (all && !isOfExactness)) {
    return yield* Output.list(StatementEntry, entries, { json }, describe)
  }
  const [only] = systems
  const names =
    only !== undefined && systems.length === 1 ? byKind(only, width) : counted(systems, width)
  const shown = isOfExactness ? exactness(entries, width) : names
  return yield* Output.text(all ? shown : Table.clip(shown))
})
