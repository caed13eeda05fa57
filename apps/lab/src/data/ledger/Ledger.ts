import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./LedgerFlags.ts"

export const ledger = Verb.make("ledger", flags, () => import("./LedgerHandler.ts")).pipe(
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
