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
      "A copy of the ledger, whose lines are taken where the ledger lost them; may be given more than once",
    ),
    Flag.withMetavar("file"),
    Flag.atLeast(0),
  ),
  recover: Flag.Boolean("recover").pipe(
    Flag.withDescription(
      "Write again what one place of the ledger lost. What is spent never becomes less, and nothing is written where a spend is lost",
    ),
    Flag.withDefault(false),
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
