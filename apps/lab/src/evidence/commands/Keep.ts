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
        "The experiments; if omitted, those whose rows are missing or were computed by another version of the code",
      ),
      Argument.variadic(),
    ),
    rows: Flags.rows,
    check: Flag.Boolean("check").pipe(
      Flag.withDescription("Dry run: recompute the saved rows and compare them"),
      Flag.withDefault(false),
    ),
    jobs: Flags.jobs,
    ...Stores.keeping,
  },
  () => import("../handlers/KeepHandler.ts"),
).pipe(
  Command.withDescription(
    "Compute the rows of experiments at seeds 1 to 10 (preset fast, strict kernels) and save them as files, on which reproduce tests the expectations. Resumes after an interruption. Exit code 3 if --check finds a bit that differs.",
  ),
  Command.withShortDescription("Save the rows of ten seeds, on which expectations are tested"),
  Command.withExamples([
    { command: "nonconvex keep", description: "Compute missing or outdated rows" },
    {
      command: "nonconvex keep --check",
      description: "Recompute all rows and compare them bit for bit",
    },
  ]),
)
