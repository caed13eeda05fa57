/** Errors of ledgers, each with the refused action and the next step. */
import * as Decimal from "@nonconvex/numerics/Decimal"
import * as Schema from "effect/Schema"

/** The expected ledger does not exist. It is never created silently, since an old one may have been deleted. */
export class LedgerMissing extends Schema.TaggedError<LedgerMissing>()("LedgerMissing", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: no ledger; restore it, or create one if nothing was ever released from these data`
  }
}

/** The ledger already exists. */
export class LedgerExists extends Schema.TaggedError<LedgerExists>()("LedgerExists", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: the ledger exists already; spend from it, or choose another path for other data`
  }
}

/** A line of the ledger is damaged in every place, or was edited by hand: the spent budget is unknown. */
export class LedgerDamaged extends Schema.TaggedError<LedgerDamaged>()("LedgerDamaged", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}, so the spent budget is unknown; "nonconvex ledger" shows the intact entries and restores lost ones from a copy`
  }
}

/** The ledger belongs to other data or another neighbouring relation; such budgets cannot be added. */
export class LedgerOfOther extends Schema.TaggedError<LedgerOfOther>()("LedgerOfOther", {
  path: Schema.String,
  what: Schema.Literals(["data set", "neighbours", "rows per person"]),
  recorded: Schema.String,
  requested: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: the ledger is for the ${this.what} ${JSON.stringify(this.recorded)}, not ${JSON.stringify(this.requested)}; give its own ledger`
  }
}

/** The file system refused an operation on the ledger. */
export class LedgerUnusable extends Schema.TaggedError<LedgerUnusable>()("LedgerUnusable", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: the ledger cannot be read or written (${this.reason}); nothing was released`
  }
}

/** The spend exceeds the remaining budget. */
export class BudgetExceeded extends Schema.TaggedError<BudgetExceeded>()("BudgetExceeded", {
  path: Schema.String,
  budgetEpsilon: Schema.Number,
  budgetDelta: Schema.Number,
  /** Epsilon at the budget's delta, before and after the spend. */
  spentEpsilon: Schema.Number,
  wouldBeEpsilon: Schema.Number,
}) {
  override get message(): string {
    if (this.wouldBeEpsilon === Number.POSITIVE_INFINITY) {
      return `${this.path}: a budget without a delta pays for no Gaussian noise, which always has one; create the ledger with a delta, such as 1e-6`
    }
    return (
      `${this.path}: the budget is epsilon ${this.budgetEpsilon} at delta ${this.budgetDelta}, ${Decimal.ceil(this.spentEpsilon, 6)} is spent, ` +
      `and this release would raise it to ${Decimal.ceil(this.wouldBeEpsilon, 6)}; ask for a smaller epsilon, or derive what you need from an earlier release`
    )
  }
}

/** Errors of the storage of a ledger. */
export type StorageError = LedgerMissing | LedgerDamaged | LedgerUnusable

/** Errors of a ledger, and of a spend. */
export type LedgerError = StorageError | LedgerExists | LedgerOfOther | BudgetExceeded
