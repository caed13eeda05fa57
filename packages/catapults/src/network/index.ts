/** The tangent kernel of a network: its top eigenpairs, and the critical rate that they give. */
export { criticalRate } from "./CriticalRateAt.ts"
export { topPairs } from "./TangentKernel.ts"
export { topEigenvalue } from "./TopPairs.ts"
