/** Evidence for this package: entry `@nonconvex/reproducible-minimax/evidence`. */
export { claims } from "./claims/index.ts"
export { errata } from "./errata/index.ts"
export { experiments } from "./experiments/index.ts"
export { laws } from "./laws/index.ts"
export type {
  GapMissed,
  Irreproducible,
  NotCertified,
  NotMonotone,
  TooCoarse,
} from "../solve/Failures.ts"
export { byMethod } from "./support/ByMethod.ts"
export { reproducibleMinimax, type Subject } from "./support/Subject.ts"
export { ReproducibleMinimax, system } from "./system.ts"
