import { towardsPositive } from "../support/OtherPerturbations.ts"
import { symmetry } from "../support/Symmetry.ts"
import { reflected } from "../support/Transformation.ts"

export const samReflectionEquivariance = symmetry({
  id: "optim-sam/sam-reflection-equivariance",
  statement: "SAM commutes with w -> -w, bit for bit.",
  method: "sam",
  transformation: reflected,
  tolerance: 0,
  controls: [{ name: "perturbation towards positive coordinates", subject: towardsPositive }],
})
