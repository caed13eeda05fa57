/** Trace and top eigenvalue of blocks on the diagonal of a Hessian, such as the layers of a network. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import { type Estimate, meanOf } from "./Estimate.ts"

/** The parameters from `begin` up to `end`. */
interface Part {
  readonly begin: number
  readonly end: number
}

/** Curvature of one block. */
export interface PartCurvature {
  /** Its standard error is 0 if it is exact. */
  readonly trace: Estimate
  readonly topEigenvalue: number
  /** Some eigenvalue of the block is this close to `topEigenvalue`. */
  readonly residual: number
  /** "budget" if the products ran out before the residual was at most a thousandth of the eigenvalue. */
  readonly status: Lanczos.Eigenpairs["status"]
}

export interface PartOptions {
  readonly seed: Seed.Seed
  readonly kernels: Kernels.Kernels
  /** The trace of each block, if the objective has a formula for it. */
  readonly traces?: Float64Array
  /**
   * Products for the trace of a block without a formula, even and at least 4; default 60. A quarter of them is tried first, and
   * suffices if the relative error is at most a thousandth. A block of up to 4/3 times this dimension is computed entry by
   * entry.
   */
  readonly probes?: number
  /** Largest number of parameters in all for which traces are summed exactly, by a product for each; default 1000. */
  readonly dense?: number
  /** Products for the top eigenvalue of each block; default 200. */
  readonly products?: number
  /** Products with block p alone, if they are cheaper than products with the whole Hessian. */
  readonly operatorOf?: (p: number) => Operator.Operator
  /** Called with the number of finished blocks. */
  readonly onPart?: (done: number) => void
}

/** Maximum total length of the vectors of a sketch of a block; larger blocks are probed with one vector after another. */
const sketch = 2 ** 22

/** Largest dimension of a block that is stored entry by entry. */
const mostHeld = 256

/** Largest relative error of a reported trace and eigenvalue. */
const tolerance = 1e-3

/** Computes a block entry by entry, with `size` products. */
const computed = (
  operator: Operator.Operator,
  size: number,
  kernels: Kernels.Kernels,
): PartCurvature => {
  const block = new Float64Array(size * size)
  const unit = new Float64Array(size)
  let trace = 0
  for (let i = 0; i < size; i++) {
    unit.fill(0)
    unit[i] = 1
    operator(unit, block.subarray(i * size, (i + 1) * size))
    trace += block[i * size + i]!
  }
  const pairs = SymmetricEigen.eigen(block, size, kernels)
  const topEigenvalue = pairs.values[size - 1]!
  const top = SymmetricEigen.vector(pairs, size - 1)
  const left = Float64Array.from(top, (entry, i) => {
    const row = block.subarray(i * size, (i + 1) * size)
    return Vector.dot(row, top) - topEigenvalue * entry
  })
  return {
    trace: { estimate: trace, standardError: 0 },
    topEigenvalue,
    residual: Vector.norm(left),
    status: "converged",
  }
}

/** Sums the diagonal, with `size` products. */
const summed = (operator: Operator.Operator, size: number): Estimate => {
  const [unit, out] = [new Float64Array(size), new Float64Array(size)]
  let estimate = 0
  for (let i = 0; i < size; i++) {
    unit.fill(0)
    unit[i] = 1
    operator(unit, out)
    estimate += out[i]!
  }
  return { estimate, standardError: 0 }
}

/** The trace of a large block by XTrace, or by random signs if its vectors exceed the memory. */
const probed = (
  operator: Operator.Operator,
  size: number,
  {
    kernels,
    probes,
    seed,
  }: {
    readonly kernels: Kernels.Kernels
    readonly probes: number
    readonly seed: Seed.Seed
  },
): Estimate => {
  if (size * probes <= sketch) {
    const by = (products: number): Estimate =>
      Trace.xTrace(operator, { dimension: size, products, seed, kernels })
    const few = 2 * Math.floor(probes / 8)
    if (few >= 4) {
      const { estimate, standardError } = by(few)
      if (standardError <= tolerance * Math.abs(estimate)) return { estimate, standardError }
    }
    const { estimate, standardError } = by(probes)
    return { estimate, standardError }
  }
  const [v, out] = [new Float64Array(size), new Float64Array(size)]
  const samples = Array.from({ length: probes }, (_, k) => {
    RandomStream.make(seed.child(k)).fillRademacher(v)
    operator(v, out)
    return Vector.dot(v, out)
  })
  return meanOf(samples)
}

/**
 * The curvature of each block of the Hessian at `point`, with the other parameters fixed.
 *
 * A small block is computed exactly. Without a formula, the trace of a larger block is the sum of the diagonal if that is no
 * more work. Otherwise it is estimated by XTrace, or for a very large block by random signs (Hutchinson 1989). Lanczos finds the
 * top eigenvalue. Throws InvalidInput on a point of another length, and ArenaFull if a search exceeds the memory.
 */
export const partCurvatures = (
  {
    dimension,
    hessianVector,
  }: Pick<Objective, "dimension"> & Required<Pick<Objective, "hessianVector">>,
  point: Float64Array,
  parts: ReadonlyArray<Part>,
  {
    dense = 1000,
    kernels,
    onPart,
    operatorOf,
    probes = 60,
    products = 200,
    seed,
    traces,
  }: PartOptions,
): ReadonlyArray<PartCurvature> => {
  Require.length("partCurvatures", "point", point.length, dimension)
  const ofWhole = ({ begin, end }: Part): Operator.Operator => {
    const direction = new Float64Array(dimension)
    const product = new Float64Array(dimension)
    return (v, out) => {
      direction.fill(0)
      direction.set(v, begin)
      hessianVector(point, direction, product)
      out.set(product.subarray(begin, end))
    }
  }
  const curvatureOf = (part: Part, p: number): PartCurvature => {
    const size = part.end - part.begin
    const operator = operatorOf?.(p) ?? ofWhole(part)
    const isSmall = 3 * size <= 4 * probes || dimension <= dense
    if (traces === undefined && isSmall && size <= mostHeld) {
      return computed(operator, size, kernels)
    }
    const trace: Estimate =
      traces !== undefined
        ? { estimate: traces[p]!, standardError: 0 }
        : isSmall
          ? summed(operator, size)
          : probed(operator, size, { kernels, probes, seed: seed.child("trace").child(p) })
    const top = Lanczos.topEigenpairs(operator, {
      dimension: size,
      count: 1,
      seed: seed.child("eigenvalue").child(p),
      tolerance,
      maxProducts: products,
      kernels,
    })
    return {
      trace,
      topEigenvalue: top.values[0]!,
      residual: top.residuals[0]!,
      status: top.status,
    }
  }
  return parts.map((part, p) => {
    const curvature = curvatureOf(part, p)
    onPart?.(p + 1)
    return curvature
  })
}
