import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"

export const claims = Verb.make(
  "claims",
  {
    system: Flags.system,
    exactness: Flag.Boolean("exactness").pipe(
      Flag.withDescription(
        "Show which violations are confirmed in exact arithmetic, and why others are not",
      ),
      Flag.withDefault(false),
    ),
    where: Flag.Boolean("where").pipe(
      Flag.withDescription(
        "Print the source file of each statement and experiment, or of the named one",
      ),
      Flag.withDefault(false),
    ),
    all: Flags.all,
    json: Flags.json,
  },
  () => import("../handlers/ClaimsHandler.ts"),
).pipe(
  Command.withDescription("List claims and errata: statement, source status and controls"),
  Command.withExamples([
    { command: "nonconvex claims optim-sam", description: "The claims of one system, by kind" },
    { command: "nonconvex claims optim-sam --all", description: "The same with their statements" },
    {
      command: "nonconvex claims --exactness",
      description: "Which violations are confirmed by fractions or intervals",
    },
    {
      command: "nonconvex claims optim-sam/normalised-step-length --where",
      description: "The file of one claim",
    },
  ]),
)
