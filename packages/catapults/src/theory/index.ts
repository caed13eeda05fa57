/** Critical rates and norm laws: pure functions; each says what it assumes and where it comes from. */
export * from "./CriticalRate.ts"
export * from "./NormLaw.ts"
