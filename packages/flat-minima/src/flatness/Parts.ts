/** Trace and top eigenvalue of blocks on the diagonal of a Hessian, such as those of the layers of a network. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import { type Estimate, meanOf } from "./Estimate.ts"

/** The parameters from `begin` up to `end`. */
interface Part {
  readonly begin: number
  readonly end: number
}

/** What is said of one block. */
export interface PartCurvature {
  /** Its standard error is 0 where it is exact. */
  readonly trace: Estimate
  readonly topEigenvalue: number
  /** An eigenvalue of the block lies this close to `topEigenvalue`. */
  readonly residual: number
  /** "budget" where the products ran out before the residual was at most a thousandth of the eigenvalue. */
  readonly status: Lanczos.Eigenpairs["status"]
}

export interface PartOptions {
  readonly seed: Seed.Seed
  readonly kernels: Kernels.Kernels
  /** The trace of each block, where the objective has a formula for it. */
  readonly traces?: Float64Array
  /** Products for the trace of a block, without a formula, 4 at least and even; default 60. A block of as many dimensions is summed exactly. */
  readonly probes?: number
  /** Up to so many parameters in all, traces are summed exactly, by a product for each; default 1000. */
  readonly dense?: number
  /** Products for the top eigenvalue of each block; default 200. */
  readonly products?: number
  /** Told of how many blocks are done. */
  readonly onPart?: (done: number) => void
}

/** Numbers of the vectors that a sketch of a block holds; larger blocks are probed one vector after the other. */
const sketch = 2 ** 22

/**
 * The curvature of each block of the Hessian at `point`, the other parameters held.
 *
 * Without a formula the trace of a small block is the sum of its diagonal, that of a larger one an estimate by XTrace, and of a very large
 * one by random signs (Hutchinson 1989). Throws InvalidInput on a point of another length, ArenaFull where no memory holds a search.
 */
export const partCurvatures = (
  {
    dimension,
    hessianVector,
  }: Pick<Objective, "dimension"> & Required<Pick<Objective, "hessianVector">>,
  point: Float64Array,
  parts: ReadonlyArray<Part>,
  { dense = 1000, kernels, onPart, probes = 60, products = 200, seed, traces }: PartOptions,
): ReadonlyArray<PartCurvature> => {
  Require.length("partCurvatures", "point", point.length, dimension)
  const direction = new Float64Array(dimension)
  const product = new Float64Array(dimension)
  const operatorOf =
    ({ begin, end }: Part): Operator.Operator =>
    (v, out) => {
      direction.fill(0)
      direction.set(v, begin)
      hessianVector(point, direction, product)
      out.set(product.subarray(begin, end))
    }
  const traceOf = (part: Part, p: number): Estimate => {
    if (traces !== undefined) return { estimate: traces[p]!, standardError: 0 }
    const size = part.end - part.begin
    const operator = operatorOf(part)
    const own = seed.child("trace").child(p)
    const [v, out] = [new Float64Array(size), new Float64Array(size)]
    if (size <= probes || dimension <= dense) {
      let estimate = 0
      for (let i = 0; i < size; i++) {
        v.fill(0)
        v[i] = 1
        operator(v, out)
        estimate += out[i]!
      }
      return { estimate, standardError: 0 }
    }
    if (size * probes <= sketch) {
      const { estimate, standardError } = Trace.xTrace(operator, {
        dimension: size,
        products: probes,
        seed: own,
        kernels,
      })
      return { estimate, standardError }
    }
    const samples = Array.from({ length: probes }, (_, k) => {
      RandomStream.make(own.child(k)).fillRademacher(v)
      operator(v, out)
      return Vector.dot(v, out)
    })
    return meanOf(samples)
  }
  return parts.map((part, p) => {
    const trace = traceOf(part, p)
    const top = Lanczos.topEigenpairs(operatorOf(part), {
      dimension: part.end - part.begin,
      count: 1,
      seed: seed.child("eigenvalue").child(p),
      tolerance: 1e-3,
      maxProducts: products,
      kernels,
    })
    onPart?.(p + 1)
    return {
      trace,
      topEigenvalue: top.values[0]!,
      residual: top.residuals[0]!,
      status: top.status,
    }
  })
}
