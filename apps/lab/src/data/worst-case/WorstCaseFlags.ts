/** The flags of `worst-case`. */
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"

export const flags = {
  file: Argument.String("method").pipe(
    Argument.withDescription(
      "A fixed-step method as JSON: function classes, steps, initial condition and performance measure",
    ),
  ),
  certificate: Flags.optional(
    Flags.path("certificate", "Prove the bound in fractions, and write the proof here", "file"),
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
