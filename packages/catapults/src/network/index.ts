/** Tangent kernel of a network: its top eigenpairs and the critical rate. */
export { criticalRate } from "./CriticalRateAt.ts"
export { topPairs } from "./TangentKernel.ts"
export { topEigenvalue } from "./TopPairs.ts"
