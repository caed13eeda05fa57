import { towardsPositive } from "../support/OtherPerturbations.ts"
import { symmetry } from "../support/Symmetry.ts"
import { reflected } from "../support/Transformation.ts"

export const usamReflectionEquivariance = symmetry({
  id: "optim-sam/usam-reflection-equivariance",
  statement: "USAM commutes with w -> -w, bit for bit.",
  method: "usam",
  transformation: reflected,
  tolerance: 0,
  controls: [{ name: "perturbation towards positive coordinates", subject: towardsPositive }],
})
