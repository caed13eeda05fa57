/** Evidence for this package: its claims and laws, its experiments, and the system that lists them. */
export { claims } from "./claims/index.ts"
export { errata } from "./errata/index.ts"
export { experiments } from "./experiments/index.ts"
export { laws } from "./laws/index.ts"
export type { Subject } from "./support/Subject.ts"
export { FlatMinima, system } from "./system.ts"
