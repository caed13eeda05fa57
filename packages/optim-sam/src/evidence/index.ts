/** Evidence for this package: entry `@nonconvex/optim-sam/evidence`. */
export { laws } from "./laws/index.ts"
export type { Subject } from "./support/Subject.ts"
export { OptimSam, system } from "./system.ts"
