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
        "A run id, or a filter as in --where. Each is one group; all groups are compared with the first",
      ),
      Argument.atLeast(0),
    ),
    where: RunFlags.where,
    by: Flags.optional(
      Flag.String("by").pipe(
        Flag.withDescription("Group by these settings, or by kernels or code; several with commas"),
        Flag.withMetavar("settings"),
      ),
      "all settings that differ, if no groups are given",
    ),
    metric: Flags.optional(RunFlags.metric, "compare configurations only"),
    ...Stores.reading,
    json: Flags.json,
  },
  () => import("../handlers/CompareHandler.ts"),
).pipe(
  Command.withDescription(
    "Compare runs: the differences of their configurations and, for a metric, the mean, standard deviation and 95 % confidence interval over seeds. A t test compares each further group with the first, paired by seed if seeds match.",
  ),
  Command.withShortDescription(
    "Compare runs over seeds: means, confidence intervals, paired tests",
  ),
  Command.withExamples([
    {
      command:
        "nonconvex compare --where experiment=optim-sam/valley --by radius --metric 'last(distance)'",
      description: "Compare each radius with the smallest",
    },
    {
      command: "nonconvex compare 3f2a 91bc",
      description: "Show the differences between two runs",
    },
  ]),
)
