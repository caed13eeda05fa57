export { advise, adviseFromCurvature, type Advice } from "./Advice.ts"
export { diagnoseNormalisation, type Diagnosis, type Fate } from "./Diagnosis.ts"
export {
  falseMinimumGuard,
  type FalseMinimumGuard,
  type FalseMinimumOptions,
  seesFalseMinimum,
} from "./FalseMinimumGuard.ts"
export { grouped, type GroupedState } from "./Grouped.ts"
export * as Perturbation from "./Perturbation.ts"
export { everyNth, latePhase } from "./RadiusSchedule.ts"
export { asam, pNormSam, sam, unifiedSam, usam } from "./Sam.ts"
export { repeatedAscent, sharpnessAware, type SharpnessAwareState } from "./SharpnessAware.ts"
export { telemetry, type Telemetry } from "./Telemetry.ts"
export * as Theory from "./Theory.ts"
export { OptimSam, system } from "./OptimSam.ts"
