import { inverse, lossScale, unchanged } from "../support/ScaledLosses.ts"
import { normalisedUsam } from "../support/Subject.ts"
import { symmetry } from "../support/Symmetry.ts"
import { lossUnits } from "../support/Transformation.ts"

export const usamLossScaling = symmetry({
  id: "optim-sam/usam-loss-scaling",
  statement:
    "Where the loss is multiplied by c and the learning rate divided by c, USAM takes the same path with its radius divided by c.",
  method: "usam",
  strength: lossScale,
  transformation: lossUnits(inverse, inverse),
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    { name: "the radius unchanged", value: lossUnits(inverse, unchanged) },
  ],
})
