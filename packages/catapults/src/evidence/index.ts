/** Evidence on this package and its paper: laws for your own implementation, claims, errata, experiments, and the system. */
export { claims } from "./claims/index.ts"
export { errata } from "./errata/index.ts"
export { experiments } from "./experiments/index.ts"
export { laws, restartLaw } from "./laws/index.ts"
export type { Resume } from "./laws/Restart.ts"
export { byMethod } from "./support/ByMethod.ts"
export type { Course, Problem, Subject } from "./support/Subject.ts"
export { Catapults, system } from "./system.ts"
