/** Flattening of your own two-layer networks, and plans of label noise: entry `@nonconvex/label-noise/operations`. */
export { certify, type SharpnessCertificate } from "../limit/Certificate.ts"
export { diagnose, type Diagnostics } from "../limit/Diagnostics.ts"
export { plan, type Plan, type PlanOptions } from "../planning/Planner.ts"
export { fit } from "./Fit.ts"
export {
  flatten,
  type FlattenFailure,
  type FlattenInput,
  Flattened,
  FunctionChanged,
} from "./Flatten.ts"
export type { Fitting, NetworkInput } from "./Network.ts"
