import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "./Flags.ts"
import { lazily } from "./Lazily.ts"

export const doctor = Command.make(
  "doctor",
  {
    out: Flags.out("The report folder to look at").pipe(Flag.withDefault("report")),
    json: Flags.json,
  },
  lazily(() => import("./Examination.ts")),
).pipe(
  Command.withDescription(
    "Look at this machine: what is needed, what is optional, what is missing",
  ),
  Command.withExamples([{ command: "nonconvex doctor", description: "Everything it looks at" }]),
)
