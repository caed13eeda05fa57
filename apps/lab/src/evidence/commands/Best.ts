import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"
import * as Stores from "../../cli/Stores.ts"
import * as RunFlags from "../runs/RunFlags.ts"

export const best = Verb.make(
  "best",
  {
    metric: RunFlags.metric,
    least: Flag.Boolean("least").pipe(
      Flag.withDescription("Minimise the metric instead of maximising it"),
      Flag.withDefault(false),
    ),
    where: RunFlags.where,
    top: Flags.positive("top", "How many configurations to show").pipe(Flag.withDefault(10)),
    ...Stores.reading,
    json: Flags.json,
  },
  () => import("../handlers/BestHandler.ts"),
).pipe(
  Command.withDescription(
    "Rank configurations by the mean of a metric over seeds, with its 95 % confidence interval, so that a lucky seed does not win.",
  ),
  Command.withShortDescription("Rank configurations by their mean over seeds"),
  Command.withExamples([
    {
      command:
        "nonconvex best --metric 'last(distance)' --least --where experiment=optim-sam/valley",
      description: "The configuration whose last distance is the smallest",
    },
  ]),
)
