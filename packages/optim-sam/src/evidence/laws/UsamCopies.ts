import { Draw } from "@nonconvex/evidence"
import { unchanged } from "../support/ScaledLosses.ts"
import { normalisedUsam } from "../support/Subject.ts"
import { symmetry } from "../support/Symmetry.ts"
import { copied } from "../support/Transformation.ts"

export const usamCopies = symmetry({
  id: "optim-sam/usam-copies",
  statement: "On k independent copies of a loss USAM follows in each copy its path on one.",
  method: "usam",
  strength: Draw.integer(2, 4),
  transformation: copied(unchanged),
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "the radius multiplied by sqrt(k)", value: copied(Math.sqrt) },
  ],
})
