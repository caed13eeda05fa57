/** Ledger of a privacy budget: a spend is on disk before any part of a release is shown. */
export { type Account, check, create, release, releaseStatistics, status } from "./Ledger.ts"
