import type { Law } from "@nonconvex/evidence"
import type { DescentSubject } from "../support/NoisyFactorisation.ts"
import type { Subject } from "../support/Subject.ts"
import {
  noisyRelisting,
  noisyReversal,
  noisyRotations,
} from "../claims/NoisyRotationsReversalRelisting.ts"
import { balance, rescaling } from "./Layers.ts"
import {
  dualityGap,
  moreMeasurements,
  nuclearSolverEquivariance,
  oneHiddenEntry,
} from "./NuclearSolver.ts"
import { gradient } from "./Gradient.ts"
import * as Isotropic from "./Isotropic.ts"
import * as RotationsReversalRelisting from "./RotationsReversalRelisting.ts"
import { traceFormula, traceScaling } from "./TraceFormulaAndScaling.ts"

/** Laws of deep factorisations and of the nuclear-norm problem: `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [
  traceFormula,
  gradient,
  Isotropic.isotropicTrace,
  traceScaling,
  Isotropic.isotropicLowerBound,
  Isotropic.isotropicAttained,
  rescaling,
  Isotropic.isotropicBalance,
  balance,
  RotationsReversalRelisting.hiddenRotations,
  RotationsReversalRelisting.outerRotations,
  RotationsReversalRelisting.reversal,
  RotationsReversalRelisting.relisting,
  dualityGap,
  nuclearSolverEquivariance,
  moreMeasurements,
  oneHiddenEntry,
]

/** Laws of gradient descent with noise on the labels, by any method over an objective. */
export const descentLaws: ReadonlyArray<Law<DescentSubject>> = [
  noisyRotations,
  noisyReversal,
  noisyRelisting,
]
