import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import { SystemEntry } from "../SystemEntry.ts"
import { listed } from "../Systems.ts"

export const handle = Effect.fn("systems")(function* ({ json }: { readonly json: boolean }) {
  const entries = yield* listed
  if (json) return yield* Output.json(Schema.Array(SystemEntry), entries)
  const cells = entries.map((entry) => [
    entry.id,
    String(entry.theorems),
    String(entry.lemmas),
    String(entry.identities),
    String(entry.observations),
    String(entry.errata),
    String(entry.experiments),
    entry.paper,
  ])
  return yield* Console.log(
    Table.render(
      [
        "SYSTEM",
        "THEOREMS",
        "LEMMAS",
        "IDENTITIES",
        "OBSERVATIONS",
        "ERRATA",
        "EXPERIMENTS",
        "PAPER",
      ],
      cells,
    ),
  )
})
