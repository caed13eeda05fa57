import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"
import * as Stores from "../../cli/Stores.ts"
import * as RunFlags from "../runs/RunFlags.ts"

export const show = Verb.make(
  "show",
  { run: RunFlags.run, ...Stores.reading, json: Flags.json },
  () => import("../handlers/ShowHandler.ts"),
).pipe(
  Command.withDescription(
    "Show a saved run: its settings, seed and code version, where it was computed, its figure, rows and expectations, or its verdict.",
  ),
  Command.withShortDescription("Show a saved run"),
  Command.withExamples([
    { command: "nonconvex show 3f2a", description: "The run whose id starts with 3f2a" },
  ]),
)
