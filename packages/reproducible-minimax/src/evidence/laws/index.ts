/** Every law of this package, to run against your own implementation, and the claims that ours obeys them. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import * as Acceleration from "./InexactAcceleration.ts"
import * as Averages from "./GapsAndDeviations.ts"
import { certificates } from "../claims/Certificates.ts"
import { correctionStep, regularisedConvexity } from "../errata/index.ts"
import * as Extremes from "./LowerBounds.ts"
import * as KnownAnswers from "./KnownAnswers.ts"
import { metamorphic } from "./Invariance.ts"
import * as Minimax from "./AlgorithmTwo.ts"
import * as Minimisation from "./AlgorithmOne.ts"
import { closedFormPaths, paths } from "../claims/RegularisationPath.ts"
import { closedFormContraction, contraction, firmness } from "./RegularisedSolution.ts"
import { realOracles } from "../claims/RealOracles.ts"
import { refusals } from "../claims/Refusals.ts"
import * as Statistical from "./Stochastic.ts"
import * as Steps from "./Expansion.ts"
import * as StronglyMonotone from "./StronglyMonotone.ts"
import { reproducibleMinimax, type Subject } from "../support/Subject.ts"

export { reproducibleMinimax, type Subject } from "../support/Subject.ts"

/** `law.against(subject)` is a claim about `subject`: each asks operations of it, and says nothing of one that has none. */
export const laws: ReadonlyArray<Law<Subject>> = [
  contraction,
  firmness,
  Minimisation.algorithmOneOfStart,
  Minimisation.algorithmOneOfGradient,
  Acceleration.inexactAcceleration,
  Acceleration.certifiedStop,
  Acceleration.certificateVanishes,
  Acceleration.quadraticGain,
  Minimisation.stepsOfAlgorithmOne,
  Steps.descentDoesNotExpand,
  Steps.descentAscentExpansion,
  Steps.extragradientExpansion,
  Steps.affineExtragradient,
  Averages.descentAscentGap,
  Averages.extragradientGap,
  Averages.inexactGaps,
  Averages.startDeviations,
  Averages.gradientDeviations,
  StronglyMonotone.inexactDescentAscent,
  StronglyMonotone.inexactExtragradient,
  Minimax.algorithmTwoOfStart,
  Minimax.algorithmTwoOfGradient,
  Minimax.algorithmThreeOfStart,
  Minimax.algorithmThreeOfGradient,
  Minimax.stepsOfAlgorithmTwo,
  Minimax.proximalPointGap,
  Extremes.forcedDeviation,
  Extremes.startsStayApart,
  Extremes.amplification,
  Extremes.nullDirection,
  KnownAnswers.tightBounds,
  KnownAnswers.convergence,
  KnownAnswers.optimisticKnownAnswer,
  KnownAnswers.relativelyInexactKnownAnswer,
  Statistical.stochasticDeviation,
  Statistical.stochasticSlope,
  Statistical.stochasticGap,
  Statistical.rounding,
  ...metamorphic,
  ...paths,
]

export const claims: ReadonlyArray<Claim> = [
  ...laws.map((law) => law.against(reproducibleMinimax)),
  closedFormContraction,
  StronglyMonotone.correctedPoint,
  StronglyMonotone.viResiduals,
  Statistical.unbiased,
  ...closedFormPaths,
  ...certificates,
  ...realOracles,
  ...refusals,
]

export const errata: ReadonlyArray<Erratum> = [regularisedConvexity, correctionStep]
