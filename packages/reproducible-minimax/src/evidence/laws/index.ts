/** The laws of this package, in the order of the report. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import * as AlgorithmOne from "./AlgorithmOne.ts"
import * as OfGames from "./GameAlgorithms.ts"
import { amplification, forcedDeviation, nullDirection, startsStayApart } from "./Drift.ts"
import { certificateVanishes, certifiedStop } from "./CertifiedStop.ts"
import { rounding } from "./DitheredRounding.ts"
import * as Expansion from "./Expansion.ts"
import * as Averages from "./GapsAndDeviations.ts"
import { inexactAcceleration, linearity, quadraticGain } from "./InexactAcceleration.ts"
import * as KnownAnswers from "./KnownAnswers.ts"
import { singleton, swap } from "./Players.ts"
import { contraction, firmness, sequence, splitting } from "./RegularisedSolution.ts"
import * as Stochastic from "./StochasticGradients.ts"
import { inexactDescentAscent, inexactExtragradient } from "./StronglyMonotone.ts"
import { argumentScaling, rotation, scaling, translation } from "./Symmetries.ts"

/** `law.against(subject)` is a claim about `subject`: each asks operations of it, and says nothing of one that has none. */
export const laws: ReadonlyArray<Law<Subject>> = [
  contraction,
  firmness,
  AlgorithmOne.algorithmOneOfStart,
  AlgorithmOne.algorithmOneOfGradient,
  inexactAcceleration,
  certifiedStop,
  certificateVanishes,
  quadraticGain,
  AlgorithmOne.stepsOfAlgorithmOne,
  Expansion.descentDoesNotExpand,
  Expansion.descentAscentExpansion,
  Expansion.extragradientExpansion,
  Expansion.affineExtragradient,
  Averages.descentAscentGap,
  Averages.extragradientGap,
  Averages.inexactGaps,
  Averages.startDeviations,
  Averages.gradientDeviations,
  inexactDescentAscent,
  inexactExtragradient,
  OfGames.algorithmTwoOfStart,
  OfGames.algorithmTwoOfGradient,
  OfGames.algorithmThreeOfStart,
  OfGames.algorithmThreeOfGradient,
  OfGames.stepsOfAlgorithmTwo,
  OfGames.proximalPointGap,
  forcedDeviation,
  startsStayApart,
  amplification,
  nullDirection,
  KnownAnswers.tightBounds,
  KnownAnswers.convergence,
  KnownAnswers.optimisticKnownAnswer,
  KnownAnswers.relativelyInexactKnownAnswer,
  Stochastic.stochasticDeviation,
  Stochastic.stochasticSlope,
  Stochastic.stochasticGap,
  rounding,
  translation,
  rotation,
  scaling,
  argumentScaling,
  swap,
  singleton,
  linearity,
  sequence,
  splitting,
]
