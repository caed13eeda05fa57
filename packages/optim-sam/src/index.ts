export { advise, adviseFromCurvature, type Advice } from "./advice/Advice.ts"
export { diagnoseNormalisation, type Diagnosis, type Fate } from "./advice/Diagnosis.ts"
export { asam } from "./methods/Asam.ts"
export { momentum } from "./methods/Momentum.ts"
export { grouped, type GroupedState } from "./methods/MSam.ts"
export { nesterov } from "./methods/Nesterov.ts"
export { pNormSam } from "./methods/PNormSam.ts"
export { everyNth, latePhase } from "./methods/RadiusSchedule.ts"
export { sam } from "./methods/Sam.ts"
export { unifiedSam } from "./methods/UnifiedSam.ts"
export { usam } from "./methods/Usam.ts"
export * from "./monitor/FalseMinimumGuard.ts"
export { telemetry, type Telemetry } from "./monitor/Telemetry.ts"
export * as Theory from "./theory/Theory.ts"
export * as Perturbation from "@nonconvex/problems/Perturbation"
export {
  repeatedAscent,
  sharpnessAware,
  type SharpnessAwareState,
} from "@nonconvex/problems/SharpnessAware"
