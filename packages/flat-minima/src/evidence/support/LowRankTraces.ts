import { Draw, type Given, Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Operator from "@nonconvex/numerics/Operator"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Vector from "@nonconvex/numerics/Vector"
import { traceOf } from "./Matrices.ts"

export const lowRank = Draw.record({
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

export const exactFor = (
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

export const hutchinson: Estimator = (operator, options) =>
  Trace.hutchinson(operator, { ...options, probes: options.products })
