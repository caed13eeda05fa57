import type { Experiment, Preset } from "@nonconvex/evidence/Experiment"
import { Effect, Schema } from "effect"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Lookup from "../Lookup.ts"
import * as Running from "../Running.ts"

/** One experiment in the list that `experiments --json` prints. */
export const ExperimentEntry = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  question: Schema.String,
  source: Schema.String,
  /** The settings of the preset, as `run --set` takes them. */
  settings: Schema.Record(Schema.String, Schema.Json),
  /** Duration of the paper preset, where that preset is listed and was measured. */
  time: Schema.optionalKey(Schema.String),
})
export type ExperimentEntry = typeof ExperimentEntry.Type

const entryOf =
  (preset: Preset) =>
  (experiment: Experiment): ExperimentEntry => {
    const { id, question, source, title } = experiment
    const time = preset === "paper" ? Running.paperTime(experiment) : undefined
    return {
      id,
      title,
      question,
      source: `${source.paper}, ${source.statement}`,
      settings: experiment.preset(preset),
      ...(time === undefined ? {} : { time }),
    }
  }

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
  return yield* Output.list(ExperimentEntry, found.map(entryOf(preset)), { json }, describe)
})
