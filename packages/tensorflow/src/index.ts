// The public surface, and nothing else: a name that is not here is free to change.
export { type CatapultWatch, catapultWatch, type CatapultWatchOptions } from "./CatapultWatch.ts"
export * from "./Failures.ts"
export {
  type FalseMinimum,
  type FalseMinimumWatch,
  falseMinimumWatch,
  type FalseMinimumWatchOptions,
} from "./FalseMinimumWatch.ts"
export { type GradientOuterProduct, gradientOuterProduct } from "./GradientOuterProduct.ts"
export { softmaxCrossEntropy } from "./Losses.ts"
export { adviseRadius, certifyModel, diagnoseNormalisation } from "./Measure.ts"
export {
  type Loss,
  type ModelObjective,
  modelObjective,
  type ModelObjectiveOptions,
} from "./ModelObjective.ts"
export { asam, pNormSam, sam, type SamOptions, unifiedSam, usam } from "./Sam.ts"
export { SharpnessAware, type StepOptions } from "./SharpnessAware.ts"
export { type SharpnessLog, sharpnessLog, type SharpnessLogOptions } from "./SharpnessLog.ts"
export { type TangentKernel, tangentKernel } from "./TangentKernel.ts"
export {
  functionObjective,
  type ObjectiveOptions,
  type TensorObjective,
} from "./TensorObjective.ts"
export { type Backend, folderVariable, TensorRuntime } from "./TensorRuntime.ts"
