import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { balance } from "./Balance.ts"
import { dualityGap } from "./DualityGap.ts"
import { gradient } from "./Gradient.ts"
import {
  isotropicAttained,
  isotropicBalance,
  isotropicLowerBound,
  isotropicTrace,
} from "./Isotropic.ts"
import { moreMeasurements } from "./MoreMeasurements.ts"
import { nuclearSolverEquivariance } from "./NuclearSolverEquivariance.ts"
import { oneHiddenEntry } from "./OneHiddenEntry.ts"
import { rescaling } from "./Rescaling.ts"
import {
  hiddenRotations,
  outerRotations,
  relisting,
  reversal,
} from "./RotationsReversalRelisting.ts"
import { traceFormula, traceScaling } from "./TraceFormulaAndScaling.ts"

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
