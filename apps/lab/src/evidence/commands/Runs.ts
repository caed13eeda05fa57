import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"
import * as Stores from "../../cli/Stores.ts"
import * as RunFlags from "../runs/RunFlags.ts"

export const runs = Verb.make(
  "runs",
  {
    where: RunFlags.where,
    kind: Flags.optional(
      Flag.Literals("kind", ["experiment", "claim", "erratum"]).pipe(
        Flag.withDescription("Only runs of experiments, of claims or of errata"),
      ),
      "all three",
    ),
    last: Flags.positive("last", "Number of runs to show, newest first").pipe(Flag.withDefault(40)),
    ...Stores.reading,
    json: Flags.json,
  },
  () => import("../handlers/RunsHandler.ts"),
).pipe(
  Command.withDescription(
    "List saved runs, with the settings in which they differ. Results that were computed twice with different bits are listed at the end.",
  ),
  Command.withShortDescription("List saved runs"),
  Command.withExamples([
    { command: "nonconvex runs", description: "The latest" },
    {
      command: "nonconvex runs --where 'experiment=optim-sam/valley and radius>=0.05 and seed<3'",
      description: "Filtered runs",
    },
  ]),
)
