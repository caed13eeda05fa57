/** Flattening of your own two-layer networks, and plans of label noise: entry `@nonconvex/label-noise/operations`. */
export { certify } from "../limit/Certificate.ts"
export { diagnose } from "../limit/Diagnostics.ts"
export { plan } from "../planning/Planner.ts"
export { fit } from "./Fit.ts"
export { flatten, type FlattenFailure, Flattened } from "./Flatten.ts"
export type { Fitting, NetworkInput } from "./Network.ts"
export { system } from "./system.ts"
