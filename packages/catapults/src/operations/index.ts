/** Diagnosis of training logs, and training with catapults, on your own data: entry `@nonconvex/catapults/operations`. */
export { descend } from "./Descend.ts"
export { diagnose, Diagnosed, type Event } from "./Diagnose.ts"
export { system } from "./system.ts"
