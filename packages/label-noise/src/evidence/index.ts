/** Evidence on label noise and the sharpness flow: claims, experiments, and the system that holds both. */
export { claims } from "./claims/index.ts"
export { errata } from "./errata/index.ts"
export { experiments } from "./experiments/index.ts"
export { laws } from "./laws/index.ts"
export type { NoisyLoss } from "./support/NoisyLoss.ts"
export { byMethod, type Point, type Subject } from "./support/Subject.ts"
export { LabelNoise, system } from "./system.ts"
