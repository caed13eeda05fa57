import { ExperimentResult, Settings } from "@nonconvex/evidence"
import { Workers } from "@nonconvex/evidence/parallel"
import { Console, Effect, Option } from "effect"
import { Command, Argument, Flag } from "effect/cli"
import { RunFailed } from "../../cli/Failure.ts"
import * as Flags from "../../cli/Flags.ts"
import * as Lookup from "../Lookup.ts"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Drawings from "../report/Drawings.ts"
import * as Csv from "../../files/Csv.ts"
import * as Folder from "../../files/Folder.ts"
import * as RunTable from "../RunTable.ts"
import * as Running from "../Running.ts"

const overrides = Flag.KeyValuePair("set").pipe(
  Flag.withDescription("Replace a setting of the preset; nonconvex experiments lists them"),
  Flag.optional,
  Flag.map(Option.getOrElse(() => ({}))),
)

const out = Flag.String("out").pipe(
  Flag.withAlias("o"),
  Flag.withDescription("Write result.json, rows.csv and the figures as SVG into this folder"),
  Flag.withMetavar("folder"),
  Flag.optional,
  Flag.map(Option.getOrUndefined),
)

const write = Effect.fnUntraced(function* (folder: Folder.Staged, result: ExperimentResult) {
  const drawings = yield* Drawings.draw([result])
  for (const [name, svg] of Drawings.files(drawings)) yield* folder.write(`figures/${name}`, svg)
  yield* folder.write("rows.csv", Csv.encode(result.rows))
  yield* folder.write("result.json", yield* Output.encode(ExperimentResult, result))
  yield* folder.publish
  return Drawings.undrawable(drawings)
})

export const run = Command.make(
  "run",
  {
    experiment: Argument.String("experiment").pipe(
      Argument.withDescription("An experiment, as nonconvex experiments lists it"),
    ),
    preset: Flags.preset,
    overrides,
    jobs: Flags.jobs,
    seed: Flags.seed,
    json: Flags.json,
    out,
  },
  Effect.fn(function* ({ experiment: name, jobs, json, out: place, overrides: set, preset, seed }) {
    const found = yield* Lookup.experiment(name)
    const config = yield* Settings.resolve(found.experiment, preset, set)
    const folder = place === undefined ? undefined : yield* Folder.stage(place)
    const expected = Running.expectedRows(found.experiment, config)
    const time = preset === "paper" ? Running.paperTime(found.experiment) : undefined
    if (time !== undefined) yield* Progress.say(`the paper preset takes ${time}`)
    const work = { label: found.experiment.id, total: expected ?? 0, unit: "rows" }
    const result = yield* Progress.track(work, (meter) =>
      Running.run(found, { config, seed, onRows: meter.done }),
    ).pipe(Effect.provide(Workers.layer(jobs)))
    const undrawn = folder === undefined ? [] : yield* write(folder, result)
    if (json) yield* Output.json(ExperimentResult, result)
    else yield* Console.log(RunTable.render(yield* paint)(result))
    const reasons = [...RunTable.failures(result), ...undrawn]
    if (reasons.length > 0) return yield* new RunFailed({ reasons })
  }, Effect.scoped),
).pipe(
  Command.withDescription(
    "Rerun an experiment, with other settings if you like. Exit code 3 when it fails or does not show what it should.",
  ),
  Command.withShortDescription("Rerun an experiment, with other settings if you like"),
  Command.withExamples([
    { command: "nonconvex run optim-sam/valley", description: "The fast preset" },
    {
      command: "nonconvex run optim-sam/valley --preset paper --set radius=0.2 --out valley",
      description: "The setting of the paper with one change, and files of the result",
    },
  ]),
)
