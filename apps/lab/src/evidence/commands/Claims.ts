import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"

export const claims = Command.make(
  "claims",
  {
    system: Flags.system,
    json: Flags.json,
  },
  lazily(() => import("../handlers/Claims.ts")),
).pipe(
  Command.withDescription("List claims and errata: statement, source, and what must make it fail"),
  Command.withExamples([
    { command: "nonconvex claims optim-sam", description: "The claims of one system" },
  ]),
)
