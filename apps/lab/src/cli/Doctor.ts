import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "./Flags.ts"
import * as Verb from "./Verb.ts"

export const doctor = Verb.make(
  "doctor",
  {
    out: Flags.out("The report folder to check").pipe(Flag.withDefault("report")),
    json: Flags.json,
  },
  () => import("./DoctorHandler.ts"),
).pipe(
  Command.withDescription(
    "Check this machine: what is required, what is optional and what is missing",
  ),
  Command.withExamples([{ command: "nonconvex doctor", description: "All checks" }]),
)
