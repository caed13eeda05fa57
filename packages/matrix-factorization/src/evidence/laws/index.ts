import type { Law } from "@nonconvex/evidence"
import type { DescentSubject } from "../support/NoisyFactorisation.ts"
import type { Subject } from "../support/Subject.ts"
import { noisyRelisting } from "../claims/NoisyRelisting.ts"
import { noisyReversal } from "../claims/NoisyReversal.ts"
import { noisyRotations } from "../claims/NoisyRotations.ts"
import { balance } from "./Balance.ts"
import { dualityGap } from "./DualityGap.ts"
import { gradient } from "./Gradient.ts"
import { hiddenRotations } from "./HiddenRotations.ts"
import { isotropicAttained } from "./IsotropicAttained.ts"
import { isotropicBalance } from "./IsotropicBalance.ts"
import { isotropicLowerBound } from "./IsotropicLowerBound.ts"
import { isotropicTrace } from "./IsotropicTrace.ts"
import { moreMeasurements } from "./MoreMeasurements.ts"
import { nuclearSolverEquivariance } from "./NuclearSolverEquivariance.ts"
import { oneHiddenEntry } from "./OneHiddenEntry.ts"
import { outerRotations } from "./OuterRotations.ts"
import { relisting } from "./Relisting.ts"
import { rescaling } from "./Rescaling.ts"
import { reversal } from "./Reversal.ts"
import { traceFormula } from "./TraceFormula.ts"
import { traceScaling } from "./TraceScaling.ts"

/** Laws of deep factorisations and of the nuclear-norm problem: `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [
  traceFormula,
  gradient,
  isotropicTrace,
  traceScaling,
  isotropicLowerBound,
  isotropicAttained,
  rescaling,
  isotropicBalance,
  balance,
  hiddenRotations,
  outerRotations,
  reversal,
  relisting,
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
