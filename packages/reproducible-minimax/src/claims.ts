/** Every law of this package, to run against your own implementation, and the claims that ours obeys them. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import * as Acceleration from "./claims/Acceleration.ts"
import * as Averages from "./claims/Averages.ts"
import { certificates } from "./claims/Certificates.ts"
import { correctionStep, regularisedConvexity } from "./claims/Errata.ts"
import * as Extremes from "./claims/Extremes.ts"
import * as KnownAnswers from "./claims/KnownAnswers.ts"
import { metamorphic } from "./claims/Metamorphic.ts"
import * as Minimax from "./claims/Minimax.ts"
import * as Minimisation from "./claims/Minimisation.ts"
import { closedFormPaths, paths } from "./claims/Paths.ts"
import { closedFormContraction, contraction, firmness } from "./claims/Proximal.ts"
import { realOracles } from "./claims/RealOracles.ts"
import { refusals } from "./claims/Refusals.ts"
import * as Statistical from "./claims/Statistical.ts"
import * as Steps from "./claims/Steps.ts"
import * as StronglyMonotone from "./claims/StronglyMonotone.ts"
import { reproducibleMinimax, type Subject } from "./claims/Subject.ts"

export { reproducibleMinimax, type Subject } from "./claims/Subject.ts"

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
