/** The laws of this package, in the order of the report. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import * as Algorithms from "./Algorithms.ts"
import { amplification, forcedDeviation, nullDirection, startsStayApart } from "./Drift.ts"
import {
  certificateVanishes,
  certifiedStop,
  inexactAcceleration,
  linearity,
  quadraticGain,
} from "./AcceleratedDescent.ts"
import { rounding } from "./DitheredRounding.ts"
import * as Expansion from "./Expansion.ts"
import * as Averages from "./GapsAndDeviations.ts"
import * as KnownAnswers from "./KnownAnswers.ts"
import { argumentScaling, rotation, scaling, singleton, swap, translation } from "./Symmetries.ts"
import { contraction, firmness, sequence, splitting } from "./RegularisedSolution.ts"
import * as Stochastic from "./StochasticGradients.ts"
import { inexactDescentAscent, inexactExtragradient } from "./StronglyMonotone.ts"

/** `law.against(subject)` is a claim about `subject`: each asks operations of it, and says nothing of one that has none. */
export const laws: ReadonlyArray<Law<Subject>> = [
  contraction,
  firmness,
  Algorithms.algorithmOneOfStart,
  Algorithms.algorithmOneOfGradient,
  inexactAcceleration,
  certifiedStop,
  certificateVanishes,
  quadraticGain,
  Algorithms.stepsOfAlgorithmOne,
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
  Algorithms.algorithmTwoOfStart,
  Algorithms.algorithmTwoOfGradient,
  Algorithms.algorithmThreeOfStart,
  Algorithms.algorithmThreeOfGradient,
  Algorithms.stepsOfAlgorithmTwo,
  Algorithms.proximalPointGap,
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
