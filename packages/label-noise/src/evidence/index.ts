/** Evidence on this package and its paper: laws for your own implementation, and the system with its claims, errata and experiments. */
export { laws } from "./laws/index.ts"
export { byMethod } from "./support/Subject.ts"
export { LabelNoise, system } from "./system.ts"
