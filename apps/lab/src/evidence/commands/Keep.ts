import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Stores from "../../cli/Stores.ts"
import * as Verb from "../../cli/Verb.ts"

export const keep = Verb.make(
  "keep",
  {
    experiments: Argument.String("experiment").pipe(
      Argument.withDescription(
        "The experiments; unless you say those whose rows are missing, or of other code",
      ),
      Argument.variadic(),
    ),
    rows: Flags.rows,
    check: Flag.Boolean("check").pipe(
      Flag.withDescription("Write nothing: compute the rows that are kept again, and compare"),
      Flag.withDefault(false),
    ),
    jobs: Flags.jobs,
    ...Stores.keeping,
  },
  () => import("../handlers/KeepHandler.ts"),
).pipe(
  Command.withDescription(
    "Compute the rows of experiments at seeds 1 to 10, preset fast, by strict kernels, and keep them as files, over which reproduce judges their expectations. Goes on after a break. Exit code 3 where --check finds a bit that differs.",
  ),
  Command.withShortDescription("Keep the rows of ten seeds, over which expectations are judged"),
  Command.withExamples([
    { command: "nonconvex keep", description: "Those that are missing, or of other code" },
    { command: "nonconvex keep --check", description: "All of them again, compared bit for bit" },
  ]),
)
