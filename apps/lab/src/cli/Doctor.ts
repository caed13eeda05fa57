import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "./Flags.ts"
import { lazily } from "./Lazily.ts"

export const doctor = Command.make(
  "doctor",
  {
    out: Flag.String("out").pipe(
      Flag.withAlias("o"),
      Flag.withDescription("The report folder to look at"),
      Flag.withMetavar("folder"),
      Flag.withDefault("report"),
    ),
    json: Flags.json,
  },
  lazily(() => import("./Examination.ts")),
).pipe(
  Command.withDescription(
    "Look at this machine: what is needed, what is optional, what is missing",
  ),
  Command.withExamples([{ command: "nonconvex doctor", description: "Everything it looks at" }]),
)
