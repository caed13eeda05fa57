import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { derived } from "../support/Paper.ts"

const levels = (least: number) =>
  Draw.record({
    dimension: Draw.integer(8, 24),
    seed: Draw.seed(),
    levels: Draw.integer(least, 5),
  })

export const lanczosExact = claim({
  id: "flat-minima/lanczos-exact",
  statement: "Lanczos is exact after k products if the operator has k distinct eigenvalues.",
  inFloatingPoint: "spectrum",
  source: derived("the Krylov space is then invariant"),
  instances: levels(1),
  value: 0,
  /** Top eigenvalue of an operator with eigenvalues 1 to `levels`, from as many Lanczos steps, or fewer by the value. */
  margin: ({ instance: { dimension: n, levels: k, seed }, kernels, value: fewer }) => {
    const steps = k - fewer
    const root = Seed.root(seed)
    const { hessianVector } = quadratic({
      spectrum: Array.from({ length: n }, (_, i) => 1 + (i % k)),
      basis: Orthogonal.haar(n, RandomStream.make(root.child("basis"))),
    })
    const { products, values } = Lanczos.topEigenpairs((v, out) => hessianVector(v, v, out), {
      dimension: n,
      count: 1,
      seed: root,
      // no restart, and one product more verifies the residual
      subspace: steps + 2,
      maxProducts: steps + 1,
      kernels,
    })
    return Margin.all(
      Margin.holds(products <= steps + 1),
      Margin.equal(values[0]!, k, { absolute: 1e-9 }),
    )
  },
  controls: [{ name: "one product fewer", value: 1, instances: levels(2) }],
})
