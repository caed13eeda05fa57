import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "./Flags.ts"
import * as Verb from "./Verb.ts"

export const doctor = Verb.make(
  "doctor",
  {
    out: Flags.out("The report folder to look at").pipe(Flag.withDefault("report")),
    json: Flags.json,
  },
  () => import("./Examination.ts"),
).pipe(
  Command.withDescription(
    "Look at this machine: what is needed, what is optional, what is missing",
  ),
  Command.withExamples([{ command: "nonconvex doctor", description: "Everything it looks at" }]),
)
