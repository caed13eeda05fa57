/** Critical rates and norm laws: pure functions, each with its assumptions and its source. */
export {
  batchCriticalRate,
  criticalRate,
  criticalRateOfCurvature,
  directionalSharpness,
  effectiveStep,
  harmonicMean,
  isotropicAlignment,
  linearMultiplier,
  meanFactor,
  stabilityLimit,
} from "./CriticalRate.ts"
export { certifiedStep, kernelBound, normMustFall, squaredNormAfter } from "./NormLaw.ts"
