export * as Audit from "./audit/index.ts"
export * as LowRank from "./components/index.ts"
export * as Ledger from "./ledger/index.ts"
// by their own names: a compiler that writes the types of whoever fails with them finds none in a namespace
export {
  BudgetExceeded,
  LedgerDamaged,
  type LedgerError,
  LedgerExists,
  LedgerMissing,
  LedgerOfOther,
  LedgerUnusable,
} from "./ledger/LedgerErrors.ts"
export { LedgerStorage } from "./ledger/LedgerStorage.ts"
export { complexRelease } from "./noise/ComplexNoise.ts"
export * as Entropy from "./noise/Entropy.ts"
export * as Mechanism from "./noise/Mechanism.ts"
export * as GaussianPrivacy from "./privacy/GaussianPrivacy.ts"
export * as Public from "./privacy/Public.ts"
export { largestDimension, Neighbours } from "./privacy/Target.ts"
export * as PrivateCount from "./regression/PrivateCount.ts"
export * as ZeroConcentrated from "./privacy/ZeroConcentrated.ts"
export * as GridPlan from "./release/GridPlan.ts"
export { Permit } from "./release/Permit.ts"
export { PrivateScatter } from "./release/PrivateScatter.ts"
export { type NoisyScatter, type PaidScatter, release, statement } from "./release/Release.ts"
