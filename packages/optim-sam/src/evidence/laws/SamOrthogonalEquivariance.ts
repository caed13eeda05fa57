import { maximumNorm } from "../support/OtherPerturbations.ts"
import { symmetry } from "../support/Symmetry.ts"
import { rotated } from "../support/Transformation.ts"

export const samOrthogonalEquivariance = symmetry({
  id: "optim-sam/sam-orthogonal-equivariance",
  statement: "SAM commutes with every orthogonal change of variables.",
  method: "sam",
  transformation: rotated,
  controls: [{ name: "perturbation bounded in the maximum norm", subject: maximumNorm }],
})
