/** Evidence on this package and its paper: laws for your own implementation, and the system with its claims and experiments. */
export { laws } from "./laws/index.ts"
export { FlatMinima, system } from "./system.ts"
