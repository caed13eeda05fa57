import { Draw } from "@nonconvex/evidence"
import { meanSquareNorm } from "../support/OtherPerturbations.ts"
import { symmetry } from "../support/Symmetry.ts"
import { padded } from "../support/Transformation.ts"

export const samIgnoresIrrelevantCoordinates = symmetry({
  id: "optim-sam/sam-ignores-irrelevant-coordinates",
  statement:
    "Coordinates on which the loss does not depend have no effect on SAM and do not change.",
  method: "sam",
  strength: Draw.integer(1, 3),
  transformation: padded,
  controls: [{ name: "norm averaged over the coordinates", subject: meanSquareNorm }],
})
