/** Laws of the two algorithms: `law.against(subject)` is the claim that `subject` obeys it. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { descentWithAMove, moveOrthogonalToGradient, oneDimension } from "./DescentAndMove.ts"
import * as Drift from "./Drift.ts"
import * as RotationTranslationScale from "./RotationTranslationScale.ts"
import { samplesReorderedAndDuplicated, signsAndScalesOfSamples } from "./Samples.ts"

export const laws: ReadonlyArray<Law<Subject>> = [
  Drift.smoothedDrift,
  Drift.sharpnessAwareDrift,
  Drift.randomSignCancels,
  Drift.traceDecrease,
  Drift.padding,
  descentWithAMove,
  moveOrthogonalToGradient,
  oneDimension,
  RotationTranslationScale.rotation,
  RotationTranslationScale.scaleOfTheLoss,
  RotationTranslationScale.translation,
  RotationTranslationScale.scaleOfTheParameters,
  samplesReorderedAndDuplicated,
  signsAndScalesOfSamples,
]
