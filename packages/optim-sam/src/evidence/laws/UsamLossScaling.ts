import { inverse, lossScale, unchanged } from "../support/ScaledLosses.ts"
import { normalisedUsam } from "../support/Subject.ts"
import { symmetry } from "../support/Symmetry.ts"
import { lossUnits } from "../support/Transformation.ts"

export const usamLossScaling = symmetry({
  id: "optim-sam/usam-loss-scaling",
  statement:
    "If the loss is multiplied by c, and the learning rate and the radius are divided by c, USAM follows the same path.",
  method: "usam",
  strength: lossScale,
  transformation: lossUnits(inverse, inverse),
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "the radius unchanged", value: lossUnits(inverse, unchanged) },
  ],
})
