import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"

const flags = {
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

export const ledger = Command.make(
  "ledger",
  flags,
  lazily(() => import("./Handler.ts")),
).pipe(
  Command.withDescription(
    "What a ledger of releases holds, and what is whole of it: it lies in two places, a file of lines and a folder of entries, and a spend is lost only where both have lost it. Without --recover nothing is written. Ends with 1 where a spend is lost: then nothing can be released, unless a --copy has it.",
  ),
  Command.withShortDescription("What was spent on private rows, and recovery of a damaged ledger"),
  Command.withExamples([
    { command: "nonconvex ledger people.csv.ledger", description: "What is spent, and of what" },
    {
      command: "nonconvex ledger people.csv.ledger --recover",
      description: "Write again what one of the two places lost",
    },
  ]),
)
