/** What was spent of a privacy budget, on the disk before any noise is drawn. What can go wrong is caught by its tag: see `Failure`. */
export { type Account, create, release, spend, status } from "./Ledger.ts"
export type { LedgerError as Failure } from "./LedgerErrors.ts"
