import { type Experiment, Settings } from "@nonconvex/evidence"
import { Console, Effect, Schema, Terminal } from "effect"
import { Command } from "effect/cli"
import * as Flags from "../../cli/Flags.ts"
import * as Lookup from "../Lookup.ts"
import * as Output from "../../cli/Output.ts"
import * as Running from "../Running.ts"
import * as Table from "../../cli/TextTable.ts"

/** One experiment in the list that `experiments --json` prints. */
export const ExperimentEntry = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  question: Schema.String,
  source: Schema.String,
  /** The settings of the preset, as `run --set` takes them. */
  settings: Schema.Record(Schema.String, Schema.Json),
  /** How long the paper preset takes, where that is the one that is listed and was measured. */
  time: Schema.optionalKey(Schema.String),
})
export type ExperimentEntry = typeof ExperimentEntry.Type

const entryOf = (preset: "smoke" | "fast" | "paper") =>
  Effect.fnUntraced(function* (experiment: Experiment) {
    // A preset without overrides is always valid.
    const settings = yield* Effect.orDie(Settings.resolve(experiment, preset, {}))
    const { id, question, source, title } = experiment
    const time = preset === "paper" ? Running.paperTime(experiment) : undefined
    return {
      id,
      title,
      question,
      source: `${source.paper}, ${source.statement}`,
      settings,
      ...(time === undefined ? {} : { time }),
    }
  })

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

export const experiments = Command.make(
  "experiments",
  {
    system: Flags.system,
    preset: Flags.preset,
    json: Flags.json,
  },
  Effect.fn(function* ({ json, preset, system }) {
    const found = (yield* Lookup.systems(system)).flatMap((each) => each.experiments)
    const entries = yield* Effect.forEach(found, entryOf(preset))
    if (json) return yield* Output.json(Schema.Array(ExperimentEntry), entries)
    const { columns } = yield* Terminal.Terminal
    return yield* Console.log(entries.map(describe(Table.lineWidth(yield* columns))).join("\n\n"))
  }),
).pipe(
  Command.withDescription("List experiments: question, source, and the settings of a preset"),
  Command.withExamples([
    {
      command: "nonconvex experiments optim-sam --preset paper",
      description: "Those of one system, with the settings of the paper",
    },
  ]),
)
