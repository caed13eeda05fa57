/** The laws of this package, in the order of the report. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { acceleratedGradientAmplifies } from "./AcceleratedGradientAmplifies.ts"
import { affineExtragradientDoesNotExpand } from "./AffineExtragradientDoesNotExpand.ts"
import { algorithm1InexactGradient } from "./Algorithm1InexactGradient.ts"
import { algorithm1InexactStart } from "./Algorithm1InexactStart.ts"
import { algorithm1Steps } from "./Algorithm1Steps.ts"
import { algorithm2InexactGradient } from "./Algorithm2InexactGradient.ts"
import { algorithm2InexactStart } from "./Algorithm2InexactStart.ts"
import { algorithm2Steps } from "./Algorithm2Steps.ts"
import { algorithm3InexactGradient } from "./Algorithm3InexactGradient.ts"
import { algorithm3InexactStart } from "./Algorithm3InexactStart.ts"
import { certificateVanishes } from "./CertificateVanishes.ts"
import { certifiedStop } from "./CertifiedStop.ts"
import { convergenceOnQuadratics } from "./ConvergenceOnQuadratics.ts"
import { descentAscentExpansion } from "./DescentAscentExpansion.ts"
import { descentAscentGap } from "./DescentAscentGap.ts"
import { deviationIsLinearInTheError } from "./DeviationIsLinearInTheError.ts"
import { deviationsFromInexactGradients } from "./DeviationsFromInexactGradients.ts"
import { deviationsFromInexactStarts } from "./DeviationsFromInexactStarts.ts"
import { ditheredRounding } from "./DitheredRounding.ts"
import { extragradientExpansion } from "./ExtragradientExpansion.ts"
import { extragradientGap } from "./ExtragradientGap.ts"
import { forcedDeviation } from "./ForcedDeviation.ts"
import { gapsWithInexactGradients } from "./GapsWithInexactGradients.ts"
import { gradientStepDoesNotExpand } from "./GradientStepDoesNotExpand.ts"
import { inexactAcceleration } from "./InexactAcceleration.ts"
import { inexactAccelerationKnownAnswer } from "./InexactAccelerationKnownAnswer.ts"
import { inexactDescentAscent } from "./InexactDescentAscent.ts"
import { inexactExtragradient } from "./InexactExtragradient.ts"
import { inexactProximalPointGap } from "./InexactProximalPointGap.ts"
import { lowerBoundOfStarts } from "./LowerBoundOfStarts.ts"
import { nullDirectionDrift } from "./NullDirectionDrift.ts"
import { onePlayer } from "./OnePlayer.ts"
import { optimisticGradientKnownAnswer } from "./OptimisticGradientKnownAnswer.ts"
import { playersSwap } from "./PlayersSwap.ts"
import { proximalSequenceDoesNotExpand } from "./ProximalSequenceDoesNotExpand.ts"
import { proximalSequenceRestarts } from "./ProximalSequenceRestarts.ts"
import { quadraticGain } from "./QuadraticGain.ts"
import { regularisedSolutionDoesNotExpand } from "./RegularisedSolutionDoesNotExpand.ts"
import { regularisedSolutionIsFirm } from "./RegularisedSolutionIsFirm.ts"
import { rotation } from "./Rotation.ts"
import { scalingOfArguments } from "./ScalingOfArguments.ts"
import { scalingOfValues } from "./ScalingOfValues.ts"
import { stochasticDeviation } from "./StochasticDeviation.ts"
import { stochasticDeviationFallsWithSamples } from "./StochasticDeviationFallsWithSamples.ts"
import { stochasticGap } from "./StochasticGap.ts"
import { tightBoundsAreAttained } from "./TightBoundsAreAttained.ts"
import { translation } from "./Translation.ts"

/**
 * `law.against(subject)` is a claim about `subject`. Each law uses certain operations of it, and makes no statement if one
 * is missing.
 */
export const laws: ReadonlyArray<Law<Subject>> = [
  regularisedSolutionDoesNotExpand,
  regularisedSolutionIsFirm,
  algorithm1InexactStart,
  algorithm1InexactGradient,
  inexactAcceleration,
  certifiedStop,
  certificateVanishes,
  quadraticGain,
  algorithm1Steps,
  gradientStepDoesNotExpand,
  descentAscentExpansion,
  extragradientExpansion,
  affineExtragradientDoesNotExpand,
  descentAscentGap,
  extragradientGap,
  gapsWithInexactGradients,
  deviationsFromInexactStarts,
  deviationsFromInexactGradients,
  inexactDescentAscent,
  inexactExtragradient,
  algorithm2InexactStart,
  algorithm2InexactGradient,
  algorithm3InexactStart,
  algorithm3InexactGradient,
  algorithm2Steps,
  inexactProximalPointGap,
  forcedDeviation,
  lowerBoundOfStarts,
  acceleratedGradientAmplifies,
  nullDirectionDrift,
  tightBoundsAreAttained,
  convergenceOnQuadratics,
  optimisticGradientKnownAnswer,
  inexactAccelerationKnownAnswer,
  stochasticDeviation,
  stochasticDeviationFallsWithSamples,
  stochasticGap,
  ditheredRounding,
  translation,
  rotation,
  scalingOfValues,
  scalingOfArguments,
  playersSwap,
  onePlayer,
  deviationIsLinearInTheError,
  proximalSequenceDoesNotExpand,
  proximalSequenceRestarts,
]
