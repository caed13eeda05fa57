/**
 * Parameters and bounds: pure functions, each with its source. Factors of 2 appear only here, and claims test each of them.
 * A deviation is a squared distance, as in the paper (Definition 3).
 */
export * from "./Bounds.ts"
export * from "./GameBounds.ts"
export * from "./Parameters.ts"
export * from "./Regularised.ts"
