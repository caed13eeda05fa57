import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import { entryOf, SystemEntry } from "../SystemEntry.ts"
import { index } from "../Systems.ts"

const counted = (entry: SystemEntry): string =>
  [
    Table.plural(entry.theorems, "theorem"),
    Table.plural(entry.lemmas, "lemma"),
    Table.plural(entry.identities, "identity", "identities"),
    Table.plural(entry.observations, "observation"),
    ...(entry.errata === 0 ? [] : [Table.plural(entry.errata, "erratum", "errata")]),
    Table.plural(entry.experiments, "experiment"),
  ].join(", ")

export const handle = Effect.fn("systems")(function* ({ json }: { readonly json: boolean }) {
  const entries = (yield* index).map(entryOf)
  if (json) return yield* Output.json(Schema.Array(SystemEntry), entries)
  const width = yield* Output.width
  const lines = entries.flatMap((entry) => [
    Table.fold(`${entry.id}: ${counted(entry)}`, width),
    Table.wrap(entry.paper, width, "  "),
  ])
  return yield* Output.text(lines.join("\n"))
})
