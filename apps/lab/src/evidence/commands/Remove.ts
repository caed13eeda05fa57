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
      Flag.withDescription("Remove more than one run; otherwise they are only listed"),
      Flag.withDefault(false),
    ),
    ...Stores.reading,
  },
  () => import("../handlers/RemoveHandler.ts"),
).pipe(
  Command.withDescription(
    "Remove saved runs with all their rows. Several runs are removed only with --yes; otherwise they are listed.",
  ),
  Command.withShortDescription("Remove saved runs"),
  Command.withExamples([
    { command: "nonconvex rm 3f2a", description: "One run" },
    { command: "nonconvex rm --where status=failed --yes", description: "All failed runs" },
  ]),
)
