/** Training, prediction and advice on your own data: entry `@nonconvex/optim-sam/operations`. */
export { advise, adviseFromCurvature, type Advice } from "../advice/Advice.ts"
export { diagnoseNormalisation, type Diagnosis } from "../advice/Diagnosis.ts"
export { Epoch } from "./Attempt.ts"
export { predict } from "./Predict.ts"
export { Sharpness } from "./Sharpness.ts"
export { train, Trained } from "./Train.ts"
export { lengthOf } from "./TrainInput.ts"
export { system } from "./system.ts"
