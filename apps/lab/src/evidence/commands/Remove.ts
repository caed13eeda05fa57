import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Verb from "../../cli/Verb.ts"
import * as Stores from "../../cli/Stores.ts"
import * as RunFlags from "../runs/RunFlags.ts"

export const remove = Verb.make(
  "rm",
  {
    runs: RunFlags.run.pipe(Argument.atLeast(0)),
    where: RunFlags.where,
    yes: Flag.Boolean("yes").pipe(
      Flag.withAlias("y"),
      Flag.withDescription("Remove more than one run; without it they are only listed"),
      Flag.withDefault(false),
    ),
    ...Stores.reading,
  },
  () => import("../handlers/RemoveHandler.ts"),
).pipe(
  Command.withDescription(
    "Remove runs with all their rows. More than one are listed, and removed only with --yes.",
  ),
  Command.withShortDescription("Remove runs that are kept"),
  Command.withExamples([
    { command: "nonconvex rm 3f2a", description: "One run" },
    { command: "nonconvex rm --where status=failed --yes", description: "All that failed" },
  ]),
)
