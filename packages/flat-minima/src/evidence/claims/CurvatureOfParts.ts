/** Trace and top eigenvalue of blocks of a Hessian. */
import { claim, Kind, Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { type PartCurvature, type PartOptions, partCurvatures } from "../../flatness/Parts.ts"
import { matrix, symmetric, traceOf } from "../support/Matrices.ts"
import { derived } from "../support/Paper.ts"

/** The block of a matrix of n columns from `begin` up to `end`. */
const blockOf = (h: Float64Array, n: number, begin: number, end: number): Float64Array =>
  Float64Array.from({ length: (end - begin) * (end - begin) }, (_, at) => {
    const [i, j] = [Math.floor(at / (end - begin)), at % (end - begin)]
    return h[(begin + i) * n + begin + j]!
  })

/** Curvature of a diagonal Hessian in one block, and the number of products for its trace. */
const diagonal = (
  entries: Float64Array,
  kernels: Kernels.Kernels,
  options: Partial<PartOptions>,
) => {
  const n = entries.length
  let calls = 0
  const hessianVector = (_: Float64Array, v: Float64Array, out: Float64Array) => {
    calls++
    for (let i = 0; i < n; i++) out[i] = entries[i]! * v[i]!
  }
  const of = (further: Partial<PartOptions>): PartCurvature =>
    partCurvatures({ dimension: n, hessianVector }, new Float64Array(n), [{ begin: 0, end: n }], {
      seed: Seed.root("diagonal"),
      kernels,
      ...options,
      ...further,
    })[0]!
  of({ traces: Float64Array.of(0) })
  const forEigenvalue = calls
  calls = 0
  const found = of({})
  return { ...found, forTrace: calls - forEigenvalue }
}

const entriesOf = (n: number, rest: number, outlier: number): Float64Array =>
  new Float64Array(n).fill(rest).fill(outlier, 0, 1)

/**
 * Blocks that are too large to store. The trace is summed if that is no more work; otherwise it is probed with the requested
 * number of products, or a quarter of it.
 */
const largeBlocks = (kernels: Kernels.Kernels) => {
  const summed = diagonal(entriesOf(257, 1, 3), kernels, {})
  const widest = diagonal(entriesOf(26, 1, 3), kernels, { dense: 0, probes: 20 })
  const spread = Float64Array.from({ length: 27 }, (_, i) => i - 9)
  const probed = diagonal(spread, kernels, { dense: 0, probes: 20 })
  // a multiple of the identity: a quarter of the products finds its trace, whatever its sign
  const quarter = diagonal(entriesOf(60, -2, -2), kernels, { dense: 0, probes: 32 })
  const tooFew = diagonal(entriesOf(60, -2, -2), kernels, { dense: 0, probes: 12 })
  return Margin.all(
    Margin.equal(summed.trace.estimate, 259, { relative: 1e-12 }),
    Margin.equal(summed.trace.standardError, 0, {}),
    Margin.equal(summed.topEigenvalue, 3, { absolute: summed.residual + 1e-9 }),
    Margin.atMost(summed.residual, 3e-3),
    Margin.equal(widest.trace.estimate, 28, { relative: 1e-12 }),
    Margin.equal(widest.trace.standardError, 0, {}),
    Margin.atLeast(probed.trace.standardError, 1e-6),
    Margin.equal(probed.forTrace, 4 + 20, {}),
    Margin.equal(quarter.trace.estimate, -120, { relative: 1e-9 }),
    Margin.equal(quarter.forTrace, 8, {}),
    Margin.equal(tooFew.forTrace, 12, {}),
  )
}

const known = new WeakMap<Kernels.Kernels, Margin.Comparison>()

/** The large blocks are the same for each instance, so they are computed once per set of kernels. */
const ofLargeBlocks = (kernels: Kernels.Kernels): Margin.Comparison => {
  const found = known.get(kernels) ?? largeBlocks(kernels)
  known.set(kernels, found)
  return found
}

export const curvatureOfParts = claim({
  id: "flat-minima/curvature-of-parts",
  statement:
    "For each diagonal block of a small Hessian the trace is exact, and the top eigenvalue has a residual of rounding size. For a block that is not stored the trace is exact if it is summed; otherwise it takes the requested number of products, or a quarter if that suffices.",
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
        Margin.atMost(residual, 1e-12 * n),
      )
    })
    return Margin.all(...margins, Margin.holds(told.join() === "1,2"), ofLargeBlocks(kernels))
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
