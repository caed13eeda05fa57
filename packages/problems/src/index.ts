export * as Activation from "./network/Activation.ts"
export { adamW, type AdamWState } from "./AdamW.ts"
export * as Architecture from "./network/Architecture.ts"
export * as Block from "./network/Block.ts"
export { minimumOnBall } from "./BallQuadratic.ts"
export { bilinearGame, type BilinearGame, matrixGame } from "./BilinearGame.ts"
export { withClipping, type ClippedState } from "./Clipping.ts"
export * as Constants from "./Constants.ts"
export { cosine } from "./Cosine.ts"
export { withWeightDecay } from "./Decay.ts"
export { Diverged } from "./Diverged.ts"
export {
  type ExactTrace,
  exactTrace,
  isPiecewiseLinear,
  type OutputCurvature,
} from "./network/ExactTrace.ts"
export * as FeasibleSet from "./FeasibleSet.ts"
export type { Game } from "./Game.ts"
export { gradientMethod, type GradientState } from "./GradientMethod.ts"
export * as HessianVector from "./HessianVector.ts"
export * as Initialisation from "./network/Initialisation.ts"
export { leastSquares, type LeastSquares } from "./LeastSquares.ts"
export type { SmoothFiniteSum } from "./LinearModel.ts"
export * as Link from "./Link.ts"
export { logCosh } from "./LogCosh.ts"
export { logistic } from "./Logistic.ts"
export * as Loss from "./network/Loss.ts"
export type { Method, MethodState } from "./Method.ts"
export * as Minibatch from "./Minibatch.ts"
export { network, type Network } from "./network/Network.ts"
export { linearNeuron } from "./Neuron.ts"
export {
  isStochastic,
  type FiniteSum,
  type GaussNewton,
  type HessianTrace,
  type Objective,
  type Stochastic,
} from "./Objective.ts"
export * as Perturbation from "./Perturbation.ts"
export { polyakLojasiewicz, waveConstant } from "./PolyakLojasiewicz.ts"
export * as Products from "./Products.ts"
export { quadraticGame, type QuadraticPlayer, robustLeastSquares } from "./QuadraticGame.ts"
export { quadratic, quadraticFromMatrix, type Quadratic } from "./Quadratic.ts"
export { asam, pNormSam, sam, unifiedSam, usam } from "./Sam.ts"
export * as Sampler from "./Sampler.ts"
export type { Samples } from "./Samples.ts"
export { scalarFactorisation } from "./ScalarFactorisation.ts"
export * as Schedule from "./Schedule.ts"
export { momentum, nesterov, sgd, type MomentumState } from "./Sgd.ts"
export { repeatedAscent, sharpnessAware, type SharpnessAwareState } from "./SharpnessAware.ts"
export * as Snapshot from "./Snapshot.ts"
export { softmaxRegression } from "./Softmax.ts"
export { trajectory, type Waypoint } from "./Trajectory.ts"
export type { Update, UpdateState } from "./Update.ts"
export { valley, valleyAlong, type CurvatureProfile } from "./Valley.ts"
