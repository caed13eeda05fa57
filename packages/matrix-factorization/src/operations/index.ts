/** Completion and recovery of your own tables and matrices: entry `@nonconvex/matrix-factorization/operations`. */
export {
  complete,
  type CompleteFailure,
  type CompleteOptions,
  type CompleteProgress,
  CompletionModel,
  fitTable,
} from "./Complete.ts"
export type { Design } from "./Design.ts"
export { flatten } from "./FlattenLayers.ts"
export { flattestInterpolant } from "./FindFlattestInterpolant.ts"
export { recover } from "./RecoverMatrix.ts"
