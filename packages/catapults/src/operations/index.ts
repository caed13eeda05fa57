/** Diagnosis of training logs, and training with catapults, on data of your own: entry `@nonconvex/catapults/operations`. */
export { descend } from "./Descend.ts"
export { diagnose, Diagnosed, Event } from "./Diagnose.ts"
export { system } from "./system.ts"
