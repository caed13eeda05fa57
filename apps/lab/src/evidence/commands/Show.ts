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
    "Show a run that is kept: what decides its bits, where it was computed, its picture and rows with what was expected of them, or its verdict.",
  ),
  Command.withShortDescription("Show a run that is kept"),
  Command.withExamples([
    { command: "nonconvex show 3f2a", description: "The run whose id begins so" },
  ]),
)
