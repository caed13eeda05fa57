/** The flags of `study`. */
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Stores from "../../cli/Stores.ts"

export const flags = {
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
    Flags.positive("check", "Compute so many trials of its result again, and compare bit for bit"),
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
