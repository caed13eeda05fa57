/** Completion and recovery of your own tables and matrices: entry `@nonconvex/matrix-factorization/operations`. */
export { complete, CompletionModel, fitTable, ImputedColumn, imputeColumns } from "./Complete.ts"
export { chooseImplicit, ImplicitModel, Ranked, recommend, recommendImplicit } from "./Recommend.ts"
export { flatten } from "./FlattenLayers.ts"
export { flattestInterpolant } from "./FindFlattestInterpolant.ts"
export { recover } from "./RecoverMatrix.ts"
export { system } from "./system.ts"
