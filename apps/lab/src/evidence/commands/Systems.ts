import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"

export const systems = Verb.make(
  "systems",
  { json: Flags.json },
  () => import("../handlers/SystemsHandler.ts"),
).pipe(
  Command.withDescription(
    "List the systems (one paper each), with their numbers of claims, errata and experiments",
  ),
  Command.withExamples([{ command: "nonconvex systems", description: "The table" }]),
)
