import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Stores from "../../cli/Stores.ts"
import * as Verb from "../../cli/Verb.ts"

const overrides = Flag.KeyValuePair("set").pipe(
  Flag.withDescription("Replace a setting of the preset; nonconvex experiments lists them"),
  Flag.optional,
  Flag.map(Option.getOrElse(() => ({}))),
)

export const run = Verb.make(
  "run",
  {
    experiment: Argument.String("experiment").pipe(
      Argument.withDescription("An experiment, as nonconvex experiments lists it"),
    ),
    preset: Flags.preset,
    overrides,
    jobs: Flags.jobs,
    ...Flags.capabilities,
    ...Stores.keeping,
    seed: Flags.seed,
    json: Flags.json,
    out: Flags.optional(
      Flags.out("Write result.json, rows.csv and the figures as SVG into this folder"),
      "no files",
    ),
  },
  () => import("../handlers/RunHandler.ts"),
).pipe(
  Command.withDescription(
    "Rerun an experiment, optionally with other settings. Exit code 3 if it fails or an expectation does not hold.",
  ),
  Command.withShortDescription("Rerun an experiment, optionally with other settings"),
  Command.withExamples([
    { command: "nonconvex run optim-sam/valley", description: "The fast preset" },
    {
      command: "nonconvex run optim-sam/valley --preset paper --set radius=0.2 --out valley",
      description: "The setting of the paper with one change; writes the results to a folder",
    },
  ]),
)
