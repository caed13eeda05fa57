/** The flags of `check`. */
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"

export const flags = {
  file: Argument.String("certificate").pipe(
    Argument.withDescription("A certificate, such as worst-case --certificate writes"),
  ),
  lean: Flags.optional(
    Flags.path(
      "lean",
      "Write the theorem as Lean 4 source that uses Mathlib; it has to be compiled there",
      "file",
    ),
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
