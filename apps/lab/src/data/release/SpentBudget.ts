import * as Decimal from "@nonconvex/numerics/Decimal"
import * as Table from "../../cli/TextTable.ts"
import { Schema } from "effect"

/** Ledger entry that paid for a release, and the budget with it. */
export const SpentBudget = Schema.Struct({
  path: Schema.String,
  entry: Schema.Int,
  spentEpsilon: Schema.Number,
  budgetEpsilon: Schema.Number,
  budgetDelta: Schema.Number,
})
export type SpentBudget = typeof SpentBudget.Type

/** The line of it for a reader. */
export const lineOf = (ledger: SpentBudget): string =>
  `ledger         entry ${ledger.entry} of ${ledger.path}: ${Table.number(Decimal.ceil(ledger.spentEpsilon, 6))} of epsilon ${ledger.budgetEpsilon} spent at delta ${ledger.budgetDelta}`
