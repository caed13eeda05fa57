/** Laws of the two algorithms: `law.against(subject)` is the claim that `subject` obeys it. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { descentWithAMove, moveOrthogonalToGradient, oneDimension } from "./DescentAndMove.ts"
import {
  padding,
  randomSignCancels,
  sharpnessAwareDrift,
  smoothedDrift,
  traceDecrease,
} from "./Drift.ts"
import {
  rotation,
  scaleOfTheLoss,
  scaleOfTheParameters,
  translation,
} from "./RotationTranslationScale.ts"
import { samplesReorderedAndDuplicated, signsAndScalesOfSamples } from "./Samples.ts"

export const laws: ReadonlyArray<Law<Subject>> = [
  smoothedDrift,
  sharpnessAwareDrift,
  randomSignCancels,
  traceDecrease,
  padding,
  descentWithAMove,
  moveOrthogonalToGradient,
  oneDimension,
  rotation,
  scaleOfTheLoss,
  translation,
  scaleOfTheParameters,
  samplesReorderedAndDuplicated,
  signsAndScalesOfSamples,
]
