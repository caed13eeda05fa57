/** Trace and top eigenvalue of blocks of a Hessian. */
import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { type PartCurvature, partCurvatures } from "../../flatness/Parts.ts"
import { matrix, symmetric, traceOf } from "../support/Matrices.ts"
import { derived } from "../support/Paper.ts"

/** The block of a matrix of n columns from `begin` up to `end`. */
const blockOf = (h: Float64Array, n: number, begin: number, end: number): Float64Array =>
  Float64Array.from({ length: (end - begin) * (end - begin) }, (_, at) => {
    const [i, j] = [Math.floor(at / (end - begin)), at % (end - begin)]
    return h[(begin + i) * n + begin + j]!
  })

export const curvatureOfParts = claim({
  id: "flat-minima/curvature-of-parts",
  statement:
    "Of each block on the diagonal of a small Hessian the trace is its own, without an error, and an eigenvalue of it, the largest where it has converged, lies as close to the one that is found as its residual says.",
  inFloatingPoint: "spectrum",
  source: Kind.identity(derived("a block is the Hessian in its own parameters")),
  instances: matrix(6, 24),
  value: (found: PartCurvature) => found,
  margin: ({ instance, kernels, value: change }) => {
    const { dimension: n, seed } = instance
    const h = symmetric(instance)
    const cut = Math.floor(n / 3)
    const parts = [
      { begin: 0, end: cut },
      { begin: cut, end: n },
    ]
    const hessianVector = (_: Float64Array, v: Float64Array, out: Float64Array) => {
      for (let i = 0; i < n; i++) {
        out[i] = v.reduce((sum, x, j) => sum + h[i * n + j]! * x, 0)
      }
    }
    const told: Array<number> = []
    const found = partCurvatures({ dimension: n, hessianVector }, new Float64Array(n), parts, {
      seed: Seed.root(seed),
      kernels,
      probes: 4,
      onPart: (done) => told.push(done),
    }).map(change)
    const margins = parts.map(({ begin, end }, p) => {
      const size = end - begin
      const block = blockOf(h, n, begin, end)
      const { residual, topEigenvalue, trace } = found[p]!
      const largest = SymmetricEigen.eigen(block, size, kernels).values[size - 1]!
      return Margin.all(
        Margin.equal(trace.estimate, traceOf(block, size), { absolute: 1e-12 * n }),
        Margin.equal(trace.standardError, 0, {}),
        Margin.equal(topEigenvalue, largest, { absolute: residual + 1e-12 * n }),
      )
    })
    return Margin.all(...margins, Margin.holds(told.join() === "1,2"))
  },
  controls: [
    {
      name: "half the trace",
      value: (found) => ({
        ...found,
        trace: { ...found.trace, estimate: found.trace.estimate / 2 },
      }),
    },
    {
      name: "a tenth more of the eigenvalue",
      value: (found) => ({ ...found, topEigenvalue: found.topEigenvalue + 0.1 + found.residual }),
    },
  ],
})
