/** Ledger of a privacy budget: a spend is on the disk before anything of a release is shown. */
export { type Account, check, create, release, status } from "./Ledger.ts"
