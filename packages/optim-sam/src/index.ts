export { advise, adviseFromCurvature, type Advice } from "./advice/Advice.ts"
export { diagnoseNormalisation, type Diagnosis } from "./advice/Diagnosis.ts"
export { asam } from "./methods/Asam.ts"
export { momentum } from "./methods/Momentum.ts"
export { grouped } from "./methods/MSam.ts"
export { nesterov } from "./methods/Nesterov.ts"
export { pNormSam } from "./methods/PNormSam.ts"
export { everyNth, latePhase } from "./methods/RadiusSchedule.ts"
export { sam } from "./methods/Sam.ts"
export { unifiedSam } from "./methods/UnifiedSam.ts"
export { usam } from "./methods/Usam.ts"
export {
  falseMinimumGuard,
  type FalseMinimumOptions,
  seesFalseMinimum,
} from "./monitor/FalseMinimumGuard.ts"
export { telemetry, type Telemetry } from "./monitor/Telemetry.ts"
export * as Theory from "./theory/index.ts"
export * as Perturbation from "@nonconvex/problems/Perturbation"
export {
  repeatedAscent,
  sharpnessAware,
  type SharpnessAwareState,
} from "@nonconvex/problems/SharpnessAware"
