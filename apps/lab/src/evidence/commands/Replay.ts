import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import * as Verb from "../../cli/Verb.ts"

export const replay = Verb.make(
  "replay",
  {
    token: Argument.String("token").pipe(
      Argument.withDescription("A replay token, as verdicts and reports print it"),
    ),
    kernels: Flags.kernels,
    json: Flags.json,
  },
  () => import("../handlers/ReplayHandler.ts"),
).pipe(
  Command.withDescription(
    "Draw the instance of a counterexample again and measure it. Exit code 2 when it still violates the claim.",
  ),
  Command.withExamples([
    {
      command: "nonconvex replay optim-sam/normalised-step-length@42:3:0",
      description: "One counterexample",
    },
  ]),
)
