import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import { complexed, embed, outputsOf } from "../support/Complexed.ts"
import { derived } from "../support/Paper.ts"

export const embedding = claim({
  id: "dp-lowrank/embedding",
  statement:
    "[[Re, -Im], [Im, Re]] has the eigenvalues of H twice, and its top 2k is the embedding of H_k.",
  inFloatingPoint: "spectrum",
  source: Kind.identity(derived("real embedding of Hermitian matrices")),
  instances: complexed(),
  value: 1,
  margin: ({ instance, kernels, value: sign }) => {
    const { complex, im, re } = outputsOf(instance, { kernels })
    const { dimension: n, rank: k } = instance
    const embedded = embed(re, im, n, sign)
    const doubled = SymmetricEigen.eigenvalues(embedded, 2 * n, kernels)
    const values = HermitianEigen.eigenvalues(re, im, n, kernels)
    const tolerance = { absolute: 1e-9 * Vector.norm(re) }
    const kept = LowRank.best({ dimension: 2 * n, matrix: embedded }, 2 * k, kernels)
    return Margin.all(
      ...Array.from(doubled, (value, i) => Margin.equal(value, values[i >> 1]!, tolerance)),
      Margin.equal(Vector.distance(kept, embed(complex.re, complex.im, n)), 0, tolerance),
    )
  },
  controls: [{ name: "the sign of one block", value: -1 }],
})
