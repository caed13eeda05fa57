/** The flags of `check`. */
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"

export const flags = {
  file: Argument.String("certificate").pipe(
    Argument.withDescription("A certificate that worst-case --certificate wrote, or anybody"),
  ),
  lean: Flags.optional(
    Flags.path("lean", "Write the theorem as Lean 4 with Mathlib, as text to try there", "file"),
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
