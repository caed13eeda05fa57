/** Small linear models, with quantities that claims compute independently. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { meanSquared } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import { normals } from "./Expand.ts"

/** Linear model with the mean squared error, and quantities that claims compute independently. */
export const linearProblem = (seed: number, n: number, p: number, kernels: Kernels.Kernels) => {
  const root = Seed.root(seed)
  const offsets = normals(root.child("offsets"), n)
  const jacobian = normals(root.child("jacobian"), n * p)
  const targets = normals(root.child("targets"), n)
  const row = (i: number) => jacobian.subarray(i * p, (i + 1) * p)
  const residual = (theta: Float64Array, i: number) =>
    offsets[i]! + Vector.dot(row(i), theta) - targets[i]!
  return {
    root,
    row,
    residual,
    model: taylorModel({ predictions: offsets, jacobian, kernels }),
    loss: meanSquared(targets),
    lossOf: (theta: Float64Array) => {
      let sum = 0
      for (let i = 0; i < n; i++) sum += residual(theta, i) * residual(theta, i)
      return sum / n
    },
    /** `b / lambda(K_B)`. */
    criticalRate: (batch: ReadonlyArray<number>) => {
      const kernel = Float64Array.from(
        batch.flatMap((i) => batch.map((j) => Vector.dot(row(i), row(j)))),
      )
      return batch.length / SymmetricEigen.eigenvalues(kernel, batch.length, kernels).at(-1)!
    },
  }
}
