import { Draw, type Given } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { meanSquared } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import * as Theory from "../../theory/index.ts"
import { normals } from "./Expand.ts"

export const linear = Draw.record({
  samples: Draw.integer(1, 8),
  parameters: Draw.integer(1, 20),
  /** Learning rate over the critical one. */
  multiple: Draw.oneOf(0.5, 0.99, 1.01, 1.5),
  seed: Draw.seed(),
})

export const setUp = (
  { multiple, parameters, samples: n, seed }: Draw.Drawn<typeof linear>,
  critical: typeof Theory.criticalRate,
  { kernels }: Given,
) => {
  const root = Seed.root(seed)
  const jacobian = normals(root.child("jacobian"), n * parameters)
  const model = taylorModel({ predictions: normals(root.child("predictions"), n), jacobian })
  const targets = normals(root.child("targets"), n)
  const kernel = new Float64Array(n * n)
  const start = new Float64Array(parameters)
  model.predict(start, new Float64Array(n))
  model.tangentKernel(kernel)
  const pairs = SymmetricEigen.eigen(kernel, n, kernels)
  const loss = meanSquared(targets)
  const c = loss.factor(n)
  const rate = multiple * critical(c, pairs.values[n - 1]!)
  return { c, loss, model, pairs, rate, start, targets }
}
