/** Evidence for this package: entry `@nonconvex/reproducible-minimax/evidence`. */
export { experiments } from "./experiments/index.ts"
export { laws } from "./laws/index.ts"
export { byMethod } from "./support/ByMethod.ts"
export { reproducibleMinimax } from "./support/Subject.ts"
export { ReproducibleMinimax, system } from "./system.ts"
