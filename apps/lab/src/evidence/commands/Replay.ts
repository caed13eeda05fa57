import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"

export const replay = Verb.make(
  "replay",
  {
    token: Argument.String("token").pipe(
      Argument.withDescription("A replay token, as printed by verdicts and reports"),
    ),
    kernels: Flags.kernels,
    json: Flags.json,
  },
  () => import("../handlers/ReplayHandler.ts"),
).pipe(
  Command.withDescription(
    "Recreate the instance of a counterexample and test it again. Exit code 2 if it still violates the claim.",
  ),
  Command.withExamples([
    {
      command: "nonconvex replay optim-sam/normalised-step-length@42:3:0",
      description: "One counterexample",
    },
  ]),
)
