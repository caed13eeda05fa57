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
    last: Flags.positive("last", "How many to show, the latest").pipe(Flag.withDefault(40)),
    ...Stores.reading,
    json: Flags.json,
  },
  () => import("../handlers/RunsHandler.ts"),
).pipe(
  Command.withDescription(
    "List the runs that are kept, with the settings in which they differ. Shows at the end what was computed twice with other bits.",
  ),
  Command.withShortDescription("List the runs that are kept"),
  Command.withExamples([
    { command: "nonconvex runs", description: "The latest" },
    {
      command: "nonconvex runs --where 'experiment=optim-sam/valley and radius>=0.05 and seed<3'",
      description: "Those that fit",
    },
  ]),
)
