import type { Preset } from "@nonconvex/evidence/Experiment"
import { Effect } from "effect"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import { ExperimentEntry, entryFor } from "../ExperimentEntry.ts"
import * as Lookup from "../Lookup.ts"

const describe = (width: number) => (entry: ExperimentEntry) =>
  [
    `${entry.id}: ${entry.title}`,
    Table.wrap(entry.question, width, "  "),
    Table.wrap(entry.source, width, "  "),
    ...(entry.time === undefined ? [] : [`  ${entry.time}`]),
    ...Object.entries(entry.settings).map(
      ([key, value]) => `  --set ${key}=${JSON.stringify(value)}`,
    ),
  ].join("\n")

export const handle = Effect.fn("experiments")(function* ({
  json,
  preset,
  system,
}: {
  readonly json: boolean
  readonly preset: Preset
  readonly system: string | undefined
}) {
  const found = (yield* Lookup.systems(system)).flatMap((each) => each.experiments)
  return yield* Output.list(ExperimentEntry, found.map(entryFor(preset)), { json }, describe)
})
