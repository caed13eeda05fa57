/**
 * Parameters and bounds: pure functions, each with its source. A factor of 2 stands here and nowhere else, and a claim
 * catches it. A deviation is a squared distance, as in the paper (Definition 3).
 */
export * from "./Bounds.ts"
export * from "./GameBounds.ts"
export * from "./Parameters.ts"
export * from "./Regularised.ts"
