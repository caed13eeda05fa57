// The public surface, and nothing else: a name that is not here is free to change.
export * from "./callback/CatapultWatch.ts"
export * from "./Failures.ts"
export * from "./callback/FalseMinimumWatch.ts"
export {
  type GradientOuterProduct,
  gradientOuterProduct,
  type TopGradientOuterProduct,
} from "./measure/GradientOuterProduct.ts"
export type { Progress } from "./measure/TopEigenpairs.ts"
export { softmaxCrossEntropy } from "./objective/Losses.ts"
export * from "./measure/Measure.ts"
export {
  type Loss,
  type ModelObjective,
  modelObjective,
  type ModelObjectiveOptions,
} from "./objective/ModelObjective.ts"
export { asam, pNormSam, sam, type SamOptions, unifiedSam, usam } from "./optimizer/Sam.ts"
export { SharpnessAwareOptimizer, type StepOptions } from "./optimizer/SharpnessAwareOptimizer.ts"
export * from "./callback/SharpnessLog.ts"
export { type TangentKernel, tangentKernel } from "./measure/TangentKernel.ts"
export {
  functionObjective,
  type ObjectiveOptions,
  type TensorObjective,
} from "./objective/TensorObjective.ts"
export type { Backend } from "./runtime/Backend.ts"
export { TensorRuntime } from "./runtime/TensorRuntime.ts"
