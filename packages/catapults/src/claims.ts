/** Every law of this package, to run against your own implementation, and the claims that ours obeys them. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import * as Agop from "./Agop.ts"
import { batchDescent } from "./BatchDescent.ts"
import { principalParts, refinement } from "./claims/Batches.ts"
import { countSpikes, detector } from "./claims/Detector.ts"
import {
  adviceAfterDivergence,
  badBatchesAreData,
  catapultsAreCatapults,
} from "./claims/Diagnoses.ts"
import { agopOfNetworks, alignmentOfAgops, productTask } from "./claims/Features.ts"
import { firstOrderGap } from "./claims/Gap.ts"
import { routes } from "./claims/Kernels.ts"
import {
  alignmentRanksOptimizers,
  catapultsAlign,
  smallBatchesAlign,
  tooFewSamples,
} from "./claims/Learning.ts"
import { lossNormalisation, supercriticalShare } from "./claims/LossNormalisation.ts"
import { manySamples, oneSample } from "./claims/LinearNetworks.ts"
import { homogeneity, inputScale, rebalancing } from "./claims/Scalings.ts"
import { labelSign, permutation, rotation } from "./claims/Symmetries.ts"
import { certifiedRate, kernelBound, loudLossShrinks, normLaw, zeroLabels } from "./claims/Norms.ts"
import {
  balancedStart,
  catapultPhase,
  chaoticEdge,
  divergentPhase,
  smallCatapult,
  timeToPeak,
} from "./claims/Phases.ts"
import {
  frozenGatesAreTaylor,
  kernelAsPrinted,
  pureAsPrinted,
  pureQuadratic,
  quadraticStep,
} from "./claims/QuadraticModels.ts"
import { restart } from "./claims/Restart.ts"
import { closedSystem, twoClusters } from "./claims/ScalarInputs.ts"
import {
  directionalSharpness,
  linearMultipliers,
  linearThreshold,
  momentumThreshold,
} from "./claims/Stability.ts"
import { ours, type Subject } from "./claims/Subject.ts"
import { kernelFalls, kernelStays, topEigenspace } from "./claims/WideNetworks.ts"
import { spikeMonitor } from "./Monitor.ts"
import * as QuadraticDynamics from "./theory/QuadraticDynamics.ts"
import * as Theory from "./Theory.ts"

export type { Count } from "./claims/Detector.ts"
export type { Keep } from "./claims/Restart.ts"
export type { Course, Problem, Subject } from "./claims/Subject.ts"

/** `law.against(subject)` is a claim about `subject`: any gradient descent on networks in the NTK parametrisation. */
export const laws: ReadonlyArray<Law<Subject>> = [
  oneSample,
  manySamples,
  frozenGatesAreTaylor,
  closedSystem,
  twoClusters,
  normLaw,
  loudLossShrinks,
  zeroLabels,
  certifiedRate,
  kernelBound,
  routes,
  homogeneity,
  inputScale,
  rotation,
  permutation,
  rebalancing,
  labelSign,
  lossNormalisation,
]

/** A law about any detector of spikes. */
export const detectorLaw = detector

/** A law about any training that can be interrupted. */
export const restartLaw = restart

export const claims: ReadonlyArray<Claim> = [
  ...laws.map((law) => law.against(ours)),
  catapultPhase,
  divergentPhase,
  chaoticEdge,
  balancedStart,
  smallCatapult,
  timeToPeak,
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
  catapultsAreCatapults.against(spikeMonitor),
  badBatchesAreData.against(spikeMonitor),
  adviceAfterDivergence.against(spikeMonitor),
  restart.against((snapshot) => snapshot),
  kernelFalls,
  kernelStays,
  topEigenspace,
  catapultsAlign,
  smallBatchesAlign,
  alignmentRanksOptimizers,
  tooFewSamples,
]

/** Statements that are false as printed, each with the search for its smallest counterexample. */
export const errata: ReadonlyArray<Erratum> = [kernelAsPrinted, pureAsPrinted]
