import { Draw } from "@nonconvex/evidence"
import { adaptive } from "../support/OtherPerturbations.ts"
import { symmetry } from "../support/Symmetry.ts"
import { translated } from "../support/Transformation.ts"

export const samTranslationInvariance = symmetry({
  id: "optim-sam/sam-translation-invariance",
  statement: "SAM commutes with translations, and does not depend on a constant added to the loss.",
  method: "sam",
  strength: Draw.logarithmic(1, 100),
  transformation: translated,
  controls: [{ name: "radius relative to the coordinates, as in ASAM", subject: adaptive }],
})
