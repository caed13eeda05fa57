import { Draw } from "@nonconvex/evidence"
import { adaptive } from "../support/OtherPerturbations.ts"
import { symmetry } from "../support/Symmetry.ts"
import { translated } from "../support/Transformation.ts"

export const usamTranslationInvariance = symmetry({
  id: "optim-sam/usam-translation-invariance",
  statement:
    "USAM commutes with translations, and does not depend on a constant added to the loss.",
  method: "usam",
  strength: Draw.logarithmic(1, 100),
  transformation: translated,
  controls: [{ name: "radius relative to the coordinates, as in ASAM", subject: adaptive }],
})
