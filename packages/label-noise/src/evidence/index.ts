/**
 * Evidence on this package and its paper: the system with its claims, errata and experiments, and laws for other
 * implementations.
 */
export { laws } from "./laws/index.ts"
export { byMethod } from "./support/Subject.ts"
export { LabelNoise, system } from "./system.ts"
