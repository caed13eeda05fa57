/**
 * Rates, parameters and bounds: pure functions, each with its source. A factor of 2 stands here and nowhere else, and a claim
 * catches it. A deviation is a squared distance, as in the paper (Definition 3).
 */
export * from "./theory/Bounds.ts"
export * from "./theory/Parameters.ts"
export * from "./theory/Rates.ts"
export * from "./theory/Regularised.ts"
