/** Laws of the two algorithms: `law.against(subject)` is the claim that `subject` obeys it. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { descentWithAMove } from "./DescentWithAMove.ts"
import { moveOrthogonalToGradient } from "./MoveOrthogonalToGradient.ts"
import { oneDimension } from "./OneDimension.ts"
import { padding } from "./Padding.ts"
import { randomSignCancels } from "./RandomSignCancels.ts"
import { rotation } from "./Rotation.ts"
import { samplesReorderedAndDuplicated } from "./SamplesReorderedAndDuplicated.ts"
import { scaleOfTheLoss } from "./ScaleOfTheLoss.ts"
import { scaleOfTheParameters } from "./ScaleOfTheParameters.ts"
import { sharpnessAwareDrift } from "./SharpnessAwareDrift.ts"
import { signsAndScalesOfSamples } from "./SignsAndScalesOfSamples.ts"
import { smoothedDrift } from "./SmoothedDrift.ts"
import { traceDecrease } from "./TraceDecrease.ts"
import { translation } from "./Translation.ts"

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
