import { linear, square } from "../support/ScaledLosses.ts"
import { normalisedUsam } from "../support/Subject.ts"
import { symmetry } from "../support/Symmetry.ts"
import { lengthUnits } from "../support/Transformation.ts"
import { within } from "../support/Within.ts"

const lengthScale = within([2, 10], [0.5, 0.1])

export const usamLengthScaling = symmetry({
  id: "optim-sam/usam-length-scaling",
  statement:
    "If the variables are multiplied by s, and the learning rate and the radius by s^2, USAM follows the image of its path.",
  method: "usam",
  strength: lengthScale,
  transformation: lengthUnits(square, square),
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "the radius multiplied by s", value: lengthUnits(square, linear) },
  ],
})
