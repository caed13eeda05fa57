/** The experiments of this package: Figure 1 of the paper, its theorems on errors and gaps, and its mechanism on real data. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import { audits } from "./Audits.ts"
import { complexOnRealData } from "./ComplexOnRealData.ts"
import { eigenvaluePaths } from "./EigenvaluePaths.ts"
import { equalPrivacy } from "./EqualPrivacy.ts"
import { errorScaling } from "./ErrorScaling.ts"
import { gapTails } from "./GapTails.ts"
import { privateCovariance } from "./PrivateCovariance.ts"
import { subspaceUtility } from "./SubspaceUtility.ts"
import { weakMetricLevels } from "./WeakMetricLevels.ts"

export const experiments: ReadonlyArray<Experiment> = [
  eigenvaluePaths,
  gapTails,
  errorScaling,
  equalPrivacy,
  weakMetricLevels,
  subspaceUtility,
  audits,
  complexOnRealData,
  privateCovariance,
]
