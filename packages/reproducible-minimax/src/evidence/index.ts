/** Evidence for this package: entry `@nonconvex/reproducible-minimax/evidence`. */
export { laws } from "./laws/index.ts"
export { byMethod } from "./support/ByMethod.ts"
export { reproducibleMinimax } from "./support/Subject.ts"
export { ReproducibleMinimax, system } from "./system.ts"
