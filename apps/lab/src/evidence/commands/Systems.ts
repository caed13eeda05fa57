import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"

export const systems = Command.make(
  "systems",
  { json: Flags.json },
  lazily(() => import("../handlers/Systems.ts")),
).pipe(
  Command.withDescription("List the systems: one paper each, with how much of it is executable"),
  Command.withExamples([{ command: "nonconvex systems", description: "The table" }]),
)
