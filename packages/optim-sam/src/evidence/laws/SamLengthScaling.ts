import { linear, square } from "../support/ScaledLosses.ts"
import { withoutNormalisation } from "../support/Subject.ts"
import { symmetry } from "../support/Symmetry.ts"
import { lengthUnits } from "../support/Transformation.ts"
import { within } from "../support/Within.ts"

const lengthScale = within([2, 10], [0.5, 0.1])

export const samLengthScaling = symmetry({
  id: "optim-sam/sam-length-scaling",
  statement:
    "If the variables are multiplied by s, the learning rate by s^2 and the radius by s, SAM follows the image of its path.",
  method: "sam",
  strength: lengthScale,
  transformation: lengthUnits(square, linear),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "the radius multiplied by s^2", value: lengthUnits(square, square) },
    { name: "the learning rate multiplied by s", value: lengthUnits(linear, linear) },
  ],
})
