import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./LedgerFlags.ts"

export const ledger = Verb.make("ledger", flags, () => import("./LedgerHandler.ts")).pipe(
  Command.withDescription(
    "Show a ledger of releases and check its integrity. A ledger is stored twice, as a file of lines and a folder of entries. An entry is lost only if both copies are damaged. Without --recover nothing is written. Exit code 1 if an entry is lost: nothing can be released until a --copy restores it.",
  ),
  Command.withShortDescription("Show the privacy budget spent, and recover a damaged ledger"),
  Command.withExamples([
    {
      command: "nonconvex ledger people.csv.ledger",
      description: "Show the budget and the releases",
    },
    {
      command: "nonconvex ledger people.csv.ledger --recover",
      description: "Restore lines that are missing from one of the two copies",
    },
  ]),
)
