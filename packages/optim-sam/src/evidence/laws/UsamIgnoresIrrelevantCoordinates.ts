import { Draw } from "@nonconvex/evidence"
import { meanSquareNorm } from "../support/OtherPerturbations.ts"
import { symmetry } from "../support/Symmetry.ts"
import { padded } from "../support/Transformation.ts"

export const usamIgnoresIrrelevantCoordinates = symmetry({
  id: "optim-sam/usam-ignores-irrelevant-coordinates",
  statement:
    "Coordinates on which the loss does not depend have no effect on USAM and do not change.",
  method: "usam",
  strength: Draw.integer(1, 3),
  transformation: padded,
  controls: [{ name: "norm averaged over the coordinates", subject: meanSquareNorm }],
})
