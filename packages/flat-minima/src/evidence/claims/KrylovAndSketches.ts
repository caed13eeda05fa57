/** What Krylov spaces and sketches find exactly. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Operator from "@nonconvex/numerics/Operator"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Vector from "@nonconvex/numerics/Vector"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { traceOf } from "../support/Matrices.ts"
import { derived } from "../support/Paper.ts"

const levels = (least: number) =>
  Draw.record({
    dimension: Draw.integer(8, 24),
    seed: Draw.seed(),
    levels: Draw.integer(least, 5),
  })
export const lanczosExact = claim({
  id: "flat-minima/lanczos-exact",
  statement: "Lanczos is exact after k products where the operator has k distinct eigenvalues.",
  inFloatingPoint: "spectrum",
  source: derived("the Krylov space is then invariant"),
  instances: levels(1),
  value: 0,
  /** The top eigenvalue of an operator with the eigenvalues 1 to `levels`, from a space of as many products, less some. */
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

const lowRank = Draw.record({
  dimension: Draw.integer(12, 30),
  seed: Draw.seed(),
  rank: Draw.integer(1, 5),
})
type LowRank = Draw.Drawn<typeof lowRank>
const ofRank = ({ dimension: n, rank, seed }: LowRank) => {
  const stream = RandomStream.make(Seed.root(seed).child("low rank"))
  const h = new Float64Array(n * n)
  for (let k = 0; k < rank; k++) {
    const v = stream.normals(n)
    const c = stream.normal()
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) h[i * n + j]! += c * v[i]! * v[j]!
    }
  }
  return h
}
interface Options {
  readonly dimension: number
  readonly products: number
  readonly seed: Seed.Seed
  readonly kernels: Kernels.Kernels
}
type Estimator = (operator: Operator.Operator, options: Options) => { readonly estimate: number }
const exactFor = (
  instance: LowRank,
  { kernels }: Given,
  products: number,
  estimator: Estimator,
) => {
  const n = instance.dimension
  const h = ofRank(instance)
  const { estimate } = estimator(Operator.fromMatrix(h, n, n, kernels), {
    dimension: n,
    products,
    seed: Seed.root(instance.seed),
    kernels,
  })
  return Margin.equal(estimate, traceOf(h, n), { absolute: 1e-9 * Vector.norm(h) })
}
const hutchinson: Estimator = (operator, options) =>
  Trace.hutchinson(operator, { ...options, probes: options.products })
export const hutchPlusPlusExact = claim({
  id: "flat-minima/hutch-plus-plus-exact",
  statement: "Hutch++ is exact where the rank is at most a third of its products.",
  inFloatingPoint: "spectrum",
  source: derived("the sketch then spans the range"),
  instances: lowRank,
  value: Trace.hutchPlusPlus,
  margin: ({ instance, kernels, value: estimator }) =>
    exactFor(instance, { kernels }, 3 * instance.rank + 3, estimator),
  controls: [
    {
      name: "a sketch of two vectors",
      margin: ({ instance, kernels }) =>
        exactFor({ ...instance, rank: 4 }, { kernels }, 6, Trace.hutchPlusPlus),
    },
    { name: "Hutchinson at the same cost", value: hutchinson },
  ],
})

export const xTraceExact = claim({
  id: "flat-minima/x-trace-exact",
  statement:
    "XTrace is exact where the rank is below half of its products: there the usual formula inverts a singular factor and gives NaN.",
  inFloatingPoint: "spectrum",
  source: derived("the range of the sketch is the same without any of its probes"),
  instances: lowRank,
  value: Trace.xTrace,
  margin: ({ instance, kernels, value: estimator }) =>
    exactFor(instance, { kernels }, 2 * instance.rank + 4, estimator),
  controls: [
    {
      name: "a sketch of two vectors",
      margin: ({ instance, kernels }) =>
        exactFor({ ...instance, rank: 4 }, { kernels }, 4, Trace.xTrace),
    },
    { name: "Hutchinson at the same cost", value: hutchinson },
  ],
})
