export { advise, adviseFromCurvature, type Advice } from "./advice/Advice.ts"
export { diagnoseNormalisation, type Diagnosis, type Fate } from "./advice/Diagnosis.ts"
export { grouped, type GroupedState } from "./methods/Grouped.ts"
export { everyNth, latePhase } from "./methods/RadiusSchedule.ts"
export * from "./monitor/FalseMinimumGuard.ts"
export { telemetry, type Telemetry } from "./monitor/Telemetry.ts"
export * as Theory from "./theory/Theory.ts"
export * as Perturbation from "@nonconvex/problems/Perturbation"
export { asam, pNormSam, sam, unifiedSam, usam } from "@nonconvex/problems/Sam"
export {
  repeatedAscent,
  sharpnessAware,
  type SharpnessAwareState,
} from "@nonconvex/problems/SharpnessAware"
