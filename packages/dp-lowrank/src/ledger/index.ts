/** What was spent of a privacy budget, on the disk before any noise is drawn. */
export { type Account, check, create, release, spend, status } from "./Ledger.ts"
