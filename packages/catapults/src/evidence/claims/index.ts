/** The claims of this package: its laws against its own implementation, and the claims that are about nothing else. */
import type { Claim } from "@nonconvex/evidence"
import { batchDescent } from "../../descent/BatchDescent.ts"
import * as Agop from "../../features/Agop.ts"
import { spikeMonitor } from "../../monitor/SpikeMonitor.ts"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import * as Theory from "../../theory/index.ts"
import { agopOfNetworks, alignmentOfAgops } from "../laws/Agop.ts"
import { linearMultipliers, linearThreshold, momentumThreshold } from "../laws/CriticalRates.ts"
import { principalParts, refinement, supercriticalShare } from "../laws/CriticalRatesOfBatches.ts"
import * as Diagnoses from "../laws/Diagnoses.ts"
import { directionalSharpness } from "../laws/DirectionalSharpness.ts"
import { laws } from "../laws/index.ts"
import { pureQuadratic, quadraticStep } from "../laws/QuadraticModels.ts"
import { restart, resume } from "../laws/Restart.ts"
import { countSpikes, detector } from "../laws/SpikeDetector.ts"
import { ours } from "../support/Subject.ts"
import { productTask } from "./AgopOfAProduct.ts"
import { firstOrderGap } from "./DirectionalSharpnessOfNetworks.ts"
import { kernelFalls, kernelStays, topEigenspace } from "./KernelInCatapults.ts"
import * as LearningFeatures from "./LearningFeatures.ts"
import * as PhasesOfOneSample from "./PhasesOfOneSample.ts"

export const claims: ReadonlyArray<Claim> = [
  ...laws.map((law) => law.against(ours)),
  PhasesOfOneSample.catapultPhase,
  PhasesOfOneSample.divergentPhase,
  PhasesOfOneSample.chaoticEdge,
  PhasesOfOneSample.balancedStart,
  PhasesOfOneSample.smallCatapult,
  PhasesOfOneSample.timeToPeak,
  quadraticStep.against(QuadraticDynamics.kernelChange),
  pureQuadratic.against(QuadraticDynamics.pureStep),
  linearMultipliers.against(Theory.effectiveStep),
  linearThreshold.against(Theory.criticalRate),
  momentumThreshold.against(Theory.criticalRateOfCurvature),
  refinement.against({ rate: Theory.batchCriticalRate, mean: Theory.harmonicMean }),
  principalParts.against(Theory.batchCriticalRate),
  supercriticalShare.against(batchDescent),
  agopOfNetworks.against(Agop.agop),
  alignmentOfAgops.against(Agop.alignment),
  productTask,
  directionalSharpness.against(Theory.directionalSharpness),
  firstOrderGap,
  detector.against(countSpikes),
  Diagnoses.catapultsAreCatapults.against(spikeMonitor),
  Diagnoses.badBatchesAreData.against(spikeMonitor),
  Diagnoses.adviceAfterDivergence.against(spikeMonitor),
  restart.against(resume),
  kernelFalls,
  kernelStays,
  topEigenspace,
  LearningFeatures.catapultsAlign,
  LearningFeatures.smallBatchesAlign,
  LearningFeatures.alignmentRanksOptimizers,
  LearningFeatures.tooFewSamples,
]
