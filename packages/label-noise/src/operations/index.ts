/** Flattening of your own two-layer networks, and plans for label noise: entry `@nonconvex/label-noise/operations`. */
export { certify } from "../limit/Certificate.ts"
export { diagnose } from "../limit/Diagnostics.ts"
export { plan } from "../planning/Planner.ts"
export { fit } from "./Fit.ts"
export { flatten, Flattened } from "./Flatten.ts"
export { system } from "./system.ts"
