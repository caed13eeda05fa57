/** Diagnosis of training logs, and training with catapults, on data of your own: entry `@nonconvex/catapults/operations`. */
export { descend, type Descended, type DescendFailure, type DescendInput } from "./Descend.ts"
export { diagnose, Diagnosed, type DiagnoseInput, Event } from "./Diagnose.ts"
