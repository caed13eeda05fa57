/** The flags of `check`. */
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flags from "../../cli/Flags.ts"

export const flags = {
  file: Argument.String("certificate").pipe(
    Argument.withDescription("A certificate from worst-case --certificate"),
  ),
  lean: Flags.optional(
    Flags.path(
      "lean",
      "Write the theorem as Lean 4 source with Mathlib, for you to compile",
      "file",
    ),
  ),
  rocq: Flags.optional(
    Flags.path(
      "rocq",
      "Write the theorem and its proof as Rocq source, which coqc checks with its standard library",
      "file",
    ),
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
