import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"
import * as Stores from "../../cli/Stores.ts"
import * as RunFlags from "../runs/RunFlags.ts"

export const compare = Verb.make(
  "compare",
  {
    groups: Argument.String("run-or-clause").pipe(
      Argument.withDescription(
        "A run by its id, or runs by a clause as --where takes: each is a group, and the first is what the others are compared with",
      ),
      Argument.atLeast(0),
    ),
    where: RunFlags.where,
    by: Flags.optional(
      Flag.String("by").pipe(
        Flag.withDescription("Group by these settings, or by kernels or code; several with commas"),
        Flag.withMetavar("settings"),
      ),
      "all settings that differ, where no groups are named",
    ),
    metric: Flags.optional(RunFlags.metric, "what differs in the configuration alone"),
    ...Stores.reading,
    json: Flags.json,
  },
  () => import("../handlers/CompareHandler.ts"),
).pipe(
  Command.withDescription(
    "Compare runs: what differs in their configuration, and of a metric the mean, the standard deviation and the 95 % interval over seeds, with a t test of each group against the first, paired by seed where seeds match.",
  ),
  Command.withShortDescription("Compare runs over seeds: means, intervals, paired tests"),
  Command.withExamples([
    {
      command:
        "nonconvex compare --where experiment=optim-sam/valley --by radius --metric 'last(distance)'",
      description: "Each radius against the smallest",
    },
    { command: "nonconvex compare 3f2a 91bc", description: "What differs between two runs" },
  ]),
)
