import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"

const flags = {
  file: Argument.String("method").pipe(
    Argument.withDescription(
      "A method with fixed steps as JSON: functions and their classes, steps, what is known of the start, what is measured",
    ),
  ),
  certificate: Flags.optional(
    Flags.path("certificate", "Prove the bound in fractions, and write the proof here", "file"),
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>

export const worstCase = Command.make(
  "worst-case",
  flags,
  lazily(() => import("./Handler.ts")),
).pipe(
  Command.withDescription(
    "Compute how badly a method can do over a whole class of functions, as the optimum of a semidefinite program over interpolation conditions. The bound is that of the dual, in doubles; with --certificate it is proved in fractions, and `nonconvex check` checks the proof by whole numbers alone.",
  ),
  Command.withShortDescription("Compute how badly a method can do over a class of functions"),
  Command.withExamples([
    {
      command: "nonconvex worst-case method.json",
      description: "The worst case, and the conditions that bring it about",
    },
    {
      command: "nonconvex worst-case method.json --certificate proof.json",
      description: "With a proof in fractions",
    },
  ]),
)
