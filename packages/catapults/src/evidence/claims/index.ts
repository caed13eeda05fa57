/** The claims of this package: its laws against its own implementation, and the claims that are about nothing else. */
import type { Claim } from "@nonconvex/evidence"
import { adaptiveSteps } from "./AdaptiveSteps.ts"
import { agop } from "./Agop.ts"
import { agopOfAProduct } from "./AgopOfAProduct.ts"
import { alignmentClaim } from "./Alignment.ts"
import { alignmentRanksOptimizers } from "./AlignmentRanksOptimizers.ts"
import { balancedLayers } from "./BalancedLayers.ts"
import { batchCriticalRate } from "./BatchCriticalRate.ts"
import { batchSizeAdvice } from "./BatchSizeAdvice.ts"
import { batchSizeLaw } from "./BatchSizeLaw.ts"
import { catapultShrinksTheKernel } from "./CatapultShrinksTheKernel.ts"
import { catapultsLearnFeatures } from "./CatapultsLearnFeatures.ts"
import { chaosAtFour } from "./ChaosAtFour.ts"
import { criticalRateOfALinearModel } from "./CriticalRateOfALinearModel.ts"
import { descentInSamples } from "./DescentInSamples.ts"
import { directionalSharpness } from "./DirectionalSharpness.ts"
import { directionalSharpnessOfNetworks } from "./DirectionalSharpnessOfNetworks.ts"
import { divergesPastFour } from "./DivergesPastFour.ts"
import { effectiveRankClaim } from "./EffectiveRank.ts"
import { endOfASmallCatapult } from "./EndOfASmallCatapult.ts"
import { expectedDrop } from "./ExpectedDrop.ts"
import { kernelNeverGrowsBelowFour } from "./KernelNeverGrowsBelowFour.ts"
import { kernelStaysBelowTheCriticalRate } from "./KernelStaysBelowTheCriticalRate.ts"
import { linearModelMultipliers } from "./LinearModelMultipliers.ts"
import { momentumThreshold } from "./MomentumThreshold.ts"
import { pureQuadraticStep } from "./PureQuadraticStep.ts"
import { quadraticModelStep } from "./QuadraticModelStep.ts"
import { recursiveFeatureMachineClaim } from "./RecursiveFeatureMachine.ts"
import { restart } from "../laws/Restart.ts"
import { smallBatchesLearnFeatures } from "./SmallBatchesLearnFeatures.ts"
import { spikeInTheTopEigenspace } from "./SpikeInTheTopEigenspace.ts"
import { stepsOfBatches } from "./StepsOfBatches.ts"
import { supercriticalShare } from "./SupercriticalShare.ts"
import { timeToThePeak } from "./TimeToThePeak.ts"
import { tooFewSamples } from "./TooFewSamples.ts"
import { laws } from "../laws/index.ts"

export const claims: ReadonlyArray<Claim> = [
  ...laws,
  kernelNeverGrowsBelowFour,
  divergesPastFour,
  chaosAtFour,
  balancedLayers,
  endOfASmallCatapult,
  expectedDrop,
  timeToThePeak,
  quadraticModelStep,
  pureQuadraticStep,
  linearModelMultipliers,
  criticalRateOfALinearModel,
  momentumThreshold,
  batchSizeLaw,
  batchCriticalRate,
  supercriticalShare,
  agop,
  alignmentClaim,
  effectiveRankClaim,
  agopOfAProduct,
  descentInSamples,
  recursiveFeatureMachineClaim,
  adaptiveSteps,
  stepsOfBatches,
  batchSizeAdvice,
  directionalSharpness,
  directionalSharpnessOfNetworks,
  restart,
  catapultShrinksTheKernel,
  kernelStaysBelowTheCriticalRate,
  spikeInTheTopEigenspace,
  catapultsLearnFeatures,
  smallBatchesLearnFeatures,
  alignmentRanksOptimizers,
  tooFewSamples,
]
