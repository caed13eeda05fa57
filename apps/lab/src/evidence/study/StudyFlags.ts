/** The flags of `study`. */
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Stores from "../../cli/Stores.ts"

export const flags = {
  name: Argument.String("study").pipe(
    Argument.withDescription("A study; by default all are listed with their findings"),
    Argument.optional,
    Argument.map(Option.getOrUndefined),
  ),
  studies: Flags.studies,
  run: Flag.Boolean("run").pipe(
    Flag.withDescription(
      "Run or resume the study and write its result; its preregistered predictions must be committed first",
    ),
    Flag.withDefault(false),
  ),
  register: Flag.Boolean("register").pipe(
    Flag.withDescription(
      "Print the digest of the question, expectations and sweep, and the command that records it in a git tag",
    ),
    Flag.withDefault(false),
  ),
  full: Flag.Boolean("full").pipe(
    Flag.withDescription("With --run and --out, or --register: the full-size sweep"),
    Flag.withDefault(false),
  ),
  out: Flags.optional(
    Flags.path("out", "With --run: the file of the result", "file"),
    "result.parquet in the folder of the study",
  ),
  check: Flags.optional(
    Flags.positive(
      "check",
      "Recompute this many trials of the stored result and compare them bit for bit",
    ),
    "nothing is computed",
  ),
  seed: Flag.Int("seed").pipe(
    Flag.withDescription("With --check: seed that selects the trials"),
    Flag.withDefault(1),
  ),
  jobs: Flags.jobs,
  ...Flags.capabilities,
  ...Stores.keeping,
  all: Flags.all,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
