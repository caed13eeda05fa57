import * as Vector from "@nonconvex/numerics/Vector"
import { inverse, lossScale, unchanged } from "../support/ScaledLosses.ts"
import { replacedBy, stepping, withoutNormalisation } from "../support/Subject.ts"
import { symmetry } from "../support/Symmetry.ts"
import { lossUnits } from "../support/Transformation.ts"

const epsilonNorm = replacedBy(
  stepping((point, gradient, radius) => {
    const scale = radius / (Vector.norm(gradient) + 1e-12)
    return point.map((w, i) => w + scale * gradient[i]!)
  }),
)

export const samLossScaling = symmetry({
  id: "optim-sam/sam-loss-scaling",
  statement:
    "If the loss is multiplied by c and the learning rate divided by c, SAM follows the same path with the same radius.",
  method: "sam",
  strength: lossScale,
  transformation: lossUnits(inverse, unchanged),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "1e-12 added to the norm", subject: epsilonNorm },
    { name: "the radius divided as well", value: lossUnits(inverse, inverse) },
  ],
})
