/** The claims of this package, in the order of the report. */
import type { Claim } from "@nonconvex/evidence"
import { asamMaximisesLinearGain } from "./AsamMaximisesLinearGain.ts"
import { asamRescalingInvariance } from "./AsamRescalingInvariance.ts"
import { boundsFromOneStep } from "./BoundsFromOneStep.ts"
import { definitionOfTheFamily } from "./DefinitionOfTheFamily.ts"
import { mSamAveragesGroups } from "./MSamAveragesGroups.ts"
import { mSamDuplicationInvariance } from "./MSamDuplicationInvariance.ts"
import { mSamOfWholeBatchIsSam } from "./MSamOfWholeBatchIsSam.ts"
import { mSamPermutationInvariance } from "./MSamPermutationInvariance.ts"
import { pNormSamMaximisesLinearGain } from "./PNormSamMaximisesLinearGain.ts"
import { tinyGradients } from "./TinyGradients.ts"
import { unifiedSamInterpolates } from "./UnifiedSamInterpolates.ts"
import { laws } from "../laws/index.ts"

/** Claims: SAM and USAM obey the laws, and statements on the others in the family. */
export const claims: ReadonlyArray<Claim> = [
  ...laws,
  asamRescalingInvariance,
  asamMaximisesLinearGain,
  pNormSamMaximisesLinearGain,
  unifiedSamInterpolates,
  mSamAveragesGroups,
  mSamPermutationInvariance,
  mSamDuplicationInvariance,
  mSamOfWholeBatchIsSam,
  definitionOfTheFamily,
  tinyGradients,
  boundsFromOneStep,
]
