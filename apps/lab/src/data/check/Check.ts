import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"

const flags = {
  file: Argument.String("certificate").pipe(
    Argument.withDescription("A certificate that worst-case --certificate wrote, or anybody"),
  ),
  lean: Flags.optional(
    Flags.path("lean", "Write the theorem as Lean 4 with Mathlib, as text to try there", "file"),
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>

export const check = Command.make(
  "check",
  flags,
  lazily(() => import("./Handler.ts")),
).pipe(
  Command.withDescription(
    "Check the proof of a worst case by whole numbers alone: the conditions of the method, each times its multiplier, must sum to the measure minus the bound plus squares. What proves nothing is refused with the place.",
  ),
  Command.withShortDescription("Check the proof of a worst case, by whole numbers alone"),
  Command.withExamples([
    { command: "nonconvex check proof.json", description: "The theorem, or what is wrong with it" },
    { command: "nonconvex check proof.json --lean theorem.lean", description: "Also for Lean" },
  ]),
)
