/** Critical rates and norm laws: pure functions; each says what it assumes and where it comes from. */
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
