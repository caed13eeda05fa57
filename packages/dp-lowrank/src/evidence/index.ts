/** Evidence on this package and its paper: laws for your own implementation, and the system with its claims, errata and experiments. */
export { sampleSpectra } from "../eigenvalues/EigenvalueGaps.ts"
export { unsafePerturb } from "../noise/Idealised.ts"
export { laws } from "./laws/index.ts"
export type { Subject } from "./support/Subject.ts"
export { system } from "./system.ts"
