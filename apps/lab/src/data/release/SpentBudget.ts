import { Schema } from "effect"

/** Ledger entry that paid for a release, and the budget with it. */
export const SpentBudget = Schema.Struct({
  path: Schema.String,
  entry: Schema.Int,
  spentEpsilon: Schema.Number,
  budgetEpsilon: Schema.Number,
  budgetDelta: Schema.Number,
})
