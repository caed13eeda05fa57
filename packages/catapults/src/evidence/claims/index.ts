/** The claims of this package: its laws against its own implementation, and the claims that are about nothing else. */
import type { Claim } from "@nonconvex/evidence"
import { batchSizeAdvice } from "./AdviceOnBatches.ts"
import { agopOfNetworks, alignmentOfAgops, effectiveRankOfAgops, productTask } from "./Agop.ts"
import { linearMultipliers, linearThreshold, momentumThreshold } from "./CriticalRates.ts"
import { principalParts, refinement, supercriticalShare } from "./CriticalRatesOfBatches.ts"
import { descentInSamples, featureMachine, rates } from "./DescentForms.ts"
import * as Diagnoses from "../laws/Diagnoses.ts"
import { directionalSharpness, firstOrderGap } from "./DirectionalSharpness.ts"
import { laws } from "../laws/index.ts"
import { adaptiveSteps, raisedRates } from "./OptimizersAndRates.ts"
import { pureQuadratic, quadraticStep } from "./QuadraticModels.ts"
import { restart } from "../laws/Restart.ts"
import { detector } from "../laws/SpikeDetector.ts"
import { kernelFalls, kernelStays, topEigenspace } from "./KernelInCatapults.ts"
import * as LearningFeatures from "./LearningFeatures.ts"
import * as PhasesOfOneSample from "./PhasesOfOneSample.ts"
import { batchSteps, forcedRuns } from "./StepsOfRuns.ts"

export const claims: ReadonlyArray<Claim> = [
  ...laws,
  PhasesOfOneSample.catapultPhase,
  PhasesOfOneSample.divergentPhase,
  PhasesOfOneSample.chaoticEdge,
  PhasesOfOneSample.balancedStart,
  PhasesOfOneSample.smallCatapult,
  PhasesOfOneSample.expectedDrop,
  PhasesOfOneSample.timeToPeak,
  quadraticStep,
  pureQuadratic,
  linearMultipliers,
  linearThreshold,
  momentumThreshold,
  refinement,
  principalParts,
  supercriticalShare,
  agopOfNetworks,
  alignmentOfAgops,
  effectiveRankOfAgops,
  productTask,
  descentInSamples,
  rates,
  featureMachine,
  adaptiveSteps,
  raisedRates,
  batchSteps,
  forcedRuns,
  batchSizeAdvice,
  directionalSharpness,
  firstOrderGap,
  detector,
  Diagnoses.catapultsAreCatapults,
  Diagnoses.badBatchesAreData,
  Diagnoses.adviceAfterDivergence,
  restart,
  kernelFalls,
  kernelStays,
  topEigenspace,
  LearningFeatures.catapultsAlign,
  LearningFeatures.smallBatchesAlign,
  LearningFeatures.alignmentRanksOptimizers,
  LearningFeatures.tooFewSamples,
]
