import { Draw } from "@nonconvex/evidence"
import { linear, unchanged } from "../support/ScaledLosses.ts"
import { withoutNormalisation } from "../support/Subject.ts"
import { symmetry } from "../support/Symmetry.ts"
import { copied } from "../support/Transformation.ts"

export const samCopies = symmetry({
  id: "optim-sam/sam-copies",
  statement:
    "On k independent copies of a loss from the same start, SAM with radius rho sqrt(k) follows in each copy the path of SAM with radius rho on one.",
  method: "sam",
  strength: Draw.integer(2, 4),
  transformation: copied(Math.sqrt),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "the radius unchanged", value: copied(unchanged) },
    { name: "the radius multiplied by k", value: copied(linear) },
  ],
})
