export { claims } from "./claims/index.ts"
export { errata } from "./errata/index.ts"
export { experiments } from "./experiments/index.ts"
export { laws } from "./laws/index.ts"
export {
  type CompleteFailure,
  type CompleteOptions,
  type CompleteProgress,
  CompletionModel,
} from "./operations/Complete.ts"
export type { Design } from "./operations/Design.ts"
export { matrixFactorization, type Subject } from "./support/Subject.ts"
export { MatrixFactorization, system } from "./system.ts"
