import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"
import * as Stores from "../../cli/Stores.ts"

const flags = {
  name: Argument.String("study").pipe(
    Argument.withDescription("A study; without it all are listed with what they found"),
    Argument.optional,
    Argument.map(Option.getOrUndefined),
  ),
  studies: Flags.studies,
  run: Flag.Boolean("run").pipe(
    Flag.withDescription(
      "Run its sweep, or go on with it, and write its result; its expectation must be committed before",
    ),
    Flag.withDefault(false),
  ),
  full: Flag.Boolean("full").pipe(
    Flag.withDescription("With --run and --out: the sweep at full size"),
    Flag.withDefault(false),
  ),
  out: Flags.optional(
    Flags.path("out", "With --run: the file of the result", "file"),
    "result.parquet in the folder of the study",
  ),
  check: Flags.optional(
    Flags.positive("check", "Compute so many trials of its result again, and compare to the bit"),
    "nothing is computed",
  ),
  seed: Flag.Int("seed").pipe(
    Flag.withDescription("With --check: what decides which trials"),
    Flag.withDefault(1),
  ),
  jobs: Flags.jobs,
  ...Flags.capabilities,
  ...Stores.keeping,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>

export const study = Command.make(
  "study",
  flags,
  lazily(() => import("../handlers/Study.ts")),
).pipe(
  Command.withDescription(
    "Studies: sweeps whose question and expectation were registered before they were run, and whose results are stored. Shows what one found; --run computes it, --check computes some of it again. Exit code 3 where a bit differs or a trial fails.",
  ),
  Command.withShortDescription("Show, run or check a study that was registered before it was run"),
  Command.withExamples([
    { command: "nonconvex study", description: "All studies, and what they found" },
    {
      command: "nonconvex study robustness --check 3",
      description: "Computes three trials of the stored result again, to the bit",
    },
    { command: "nonconvex study robustness --run --jobs 2", description: "Runs it, or goes on" },
  ]),
)
