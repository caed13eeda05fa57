/** Evidence on this package and its paper: the system with its claims and experiments, and laws for other implementations. */
export { laws } from "./laws/index.ts"
export { FlatMinima, system } from "./system.ts"
