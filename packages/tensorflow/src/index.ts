// The public surface, and nothing else: a name that is not here is free to change.
export { catapultWatch } from "./callback/CatapultWatch.ts"
export { falseMinimumWatch } from "./callback/FalseMinimumWatch.ts"
export { sharpnessLog } from "./callback/SharpnessLog.ts"
export {
  LossNotScalar,
  NoSecondGradient,
  NotALayersModel,
  NotFinite,
  NoTrainableWeights,
  SecondGradientMismatch,
  ShapeMismatch,
  WeightsDisposed,
} from "./Failures.ts"
export { gradientOuterProduct } from "./measure/GradientOuterProduct.ts"
export { adviseRadius, certifyModel, diagnoseNormalisation } from "./measure/Measure.ts"
export { tangentKernel } from "./measure/TangentKernel.ts"
export { softmaxCrossEntropy } from "./objective/Losses.ts"
export { type ModelObjective, modelObjective } from "./objective/ModelObjective.ts"
export { functionObjective } from "./objective/TensorObjective.ts"
export { asam, pNormSam, sam, unifiedSam, usam } from "./optimizer/Sam.ts"
export { TensorRuntime } from "./runtime/TensorRuntime.ts"
