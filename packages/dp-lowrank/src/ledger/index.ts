/** What was spent of a privacy budget, on the disk before any noise is drawn. */
export { type Account, create, release, spend, status } from "./Ledger.ts"
