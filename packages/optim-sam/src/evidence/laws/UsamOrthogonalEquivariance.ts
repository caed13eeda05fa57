import { maximumNorm } from "../support/OtherPerturbations.ts"
import { symmetry } from "../support/Symmetry.ts"
import { rotated } from "../support/Transformation.ts"

export const usamOrthogonalEquivariance = symmetry({
  id: "optim-sam/usam-orthogonal-equivariance",
  statement: "USAM commutes with every orthogonal change of variables.",
  method: "usam",
  transformation: rotated,
  controls: [{ name: "perturbation bounded in the maximum norm", subject: maximumNorm }],
})
