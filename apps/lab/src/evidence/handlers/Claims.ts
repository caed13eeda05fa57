import { Class, Read } from "@nonconvex/evidence/Erratum"
import { Source } from "@nonconvex/evidence/Source"
import type { System } from "@nonconvex/evidence/System"
import { Effect, Schema } from "effect"
import * as Capable from "../../cli/Capable.ts"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Lookup from "../Lookup.ts"
import * as Verdicts from "../Verdicts.ts"

/** One claim or erratum in the list that `claims --json` prints. */
export const StatementEntry = Schema.Struct({
  id: Schema.String,
  kind: Schema.Literals(["claim", "erratum"]),
  statement: Schema.String,
  source: Source,
  /** The changes that must make the claim fail. */
  controls: Schema.Array(Schema.String),
  /** For an erratum, the claim that holds instead. */
  corrected: Schema.optionalKey(Schema.String),
  /** For an erratum, what falls with the statement. */
  class: Schema.optionalKey(Class),
  /** For an erratum, where the statement was read in print, or that it was not. */
  read: Schema.optionalKey(Read),
})
export type StatementEntry = typeof StatementEntry.Type

const entriesOf = (system: System): ReadonlyArray<StatementEntry> => [
  ...system.claims.map(({ controls, id, source, statement }) => ({
    id,
    kind: "claim" as const,
    statement,
    source,
    controls,
  })),
  ...system.errata.map(({ class: of, corrected, id, read, source, statement }) => ({
    id,
    kind: "erratum" as const,
    statement,
    source,
    controls: [],
    corrected,
    class: of,
    read,
  })),
]

const describe = (width: number) => (entry: StatementEntry) =>
  [
    entry.kind === "claim" ? entry.id : `${entry.id} (erratum)`,
    Table.wrap(entry.statement, width, "  "),
    Table.wrap(
      `${entry.source.paper}, ${entry.source.statement}, ${entry.source.basis}`,
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

export const handle = Effect.fn("claims")(function* ({
  json,
  system,
}: {
  readonly json: boolean
  readonly system: string | undefined
}) {
  const entries = (yield* Lookup.systems(system)).flatMap(entriesOf)
  return yield* Output.list(StatementEntry, entries, json, describe)
}, Effect.provide(Capable.idle))
