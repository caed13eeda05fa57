/** The flags of `ledger`. */
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"

export const flags = {
  path: Argument.String("ledger").pipe(
    Argument.withDescription("The file of a ledger, such as people.csv.ledger"),
  ),
  copies: Flag.String("copy").pipe(
    Flag.withDescription(
      "A backup of the ledger, from which lost lines are restored; may be repeated",
    ),
    Flag.withMetavar("file"),
    Flag.atLeast(0),
  ),
  recover: Flag.Boolean("recover").pipe(
    Flag.withDescription(
      "Restore lines that are missing from one copy of the ledger. The spent budget never decreases, and nothing is written if an entry is lost",
    ),
    Flag.withDefault(false),
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
