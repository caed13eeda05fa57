export * as Audit from "./audit/Audit.ts"
export * as AuditSubject from "./audit/AuditSubject.ts"
export { Certificate, certify } from "./components/Certificate.ts"
export * as LowRank from "./components/LowRank.ts"
export type { Noisy } from "./components/Noisy.ts"
export { perRow } from "./components/PerRow.ts"
export { chooseRank, type RankChoice } from "./components/RankChoice.ts"
export { shrink } from "./components/Shrinkage.ts"
export * as Ledger from "./ledger/Ledger.ts"
export {
  BudgetExceeded,
  LedgerDamaged,
  type LedgerError,
  LedgerExists,
  LedgerLocked,
  LedgerMissing,
  LedgerOfOther,
  LedgerUnusable,
} from "./ledger/LedgerErrors.ts"
export { LedgerStorage, type StoredLedger } from "./ledger/LedgerStorage.ts"
export { type ComplexOutputs, complexRelease } from "./noise/ComplexNoise.ts"
export * as Entropy from "./noise/Entropy.ts"
export * as Mechanism from "./noise/Mechanism.ts"
export * as GaussianPrivacy from "./privacy/GaussianPrivacy.ts"
export * as Public from "./privacy/Public.ts"
export { Neighbours, type Target } from "./privacy/Target.ts"
export * as ZeroConcentrated from "./privacy/ZeroConcentrated.ts"
export * as GridPlan from "./release/GridPlan.ts"
export { Permit, PermitUsed, type Receipt } from "./release/Permit.ts"
export { PrivateScatter } from "./release/PrivateScatter.ts"
export { type NoisyScatter, release, statement } from "./release/Release.ts"
export * as Theory from "./theory/index.ts"
