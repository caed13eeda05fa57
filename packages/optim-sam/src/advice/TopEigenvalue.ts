import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as HessianVector from "@nonconvex/problems/HessianVector"
import type { Objective } from "@nonconvex/problems/Objective"

/** Limit on products in float32, where more iterations do not bring the residual below the tolerance. */
const mostInSingle = 60

/** The largest eigenvalue of the Hessian at a point, with its residual. Throws as `Lanczos.topEigenpairs` does. */
export const topEigenvalue = (
  objective: Objective,
  point: Float64Array,
  {
    kernels,
    maxProducts = objective.precision === "float32" ? mostInSingle : undefined,
    seed,
  }: {
    readonly seed: Seed.Seed
    readonly kernels?: Kernels | undefined
    readonly maxProducts?: number | undefined
  },
): { readonly value: number; readonly residual: number } => {
  const product = HessianVector.of(objective)
  const { residuals, values } = Lanczos.topEigenpairs((v, out) => product(point, v, out), {
    dimension: objective.dimension,
    count: 1,
    seed,
    tolerance: 1e-6,
    ...(maxProducts !== undefined && { maxProducts }),
    ...(kernels !== undefined && { kernels }),
  })
  return { value: values[0]!, residual: residuals[0]! }
}
