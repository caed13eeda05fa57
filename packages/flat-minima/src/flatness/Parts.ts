/** Trace and top eigenvalue of blocks on the diagonal of a Hessian, such as those of the layers of a network. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
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
  /** Products for the traces of all blocks, without a formula; default 100. */
  readonly probes?: number
  /** Products for the top eigenvalue of each block; default 200. */
  readonly products?: number
  /** Told of how many blocks are done. */
  readonly onPart?: (done: number) => void
}

/**
 * The curvature of each block of the Hessian at `point`.
 *
 * Without a formula the traces are estimated together, from the same products H z with random signs z: the part of `z * H z` that lies in a
 * block has its trace as mean (Hutchinson 1989; that other blocks add variance and no bias is derived here). Throws InvalidInput on a
 * point of another length.
 */
export const partCurvatures = (
  {
    dimension,
    hessianVector,
  }: Pick<Objective, "dimension"> & Required<Pick<Objective, "hessianVector">>,
  point: Float64Array,
  parts: ReadonlyArray<Part>,
  { kernels, onPart, probes = 100, products = 200, seed, traces }: PartOptions,
): ReadonlyArray<PartCurvature> => {
  Require.length("partCurvatures", "point", point.length, dimension)
  Require.count("partCurvatures", "probes", probes, 2)
  const direction = new Float64Array(dimension)
  const product = new Float64Array(dimension)

  const estimates = (): ReadonlyArray<Estimate> => {
    const samples = parts.map((): Array<number> => [])
    for (let k = 0; k < probes; k++) {
      RandomStream.make(seed.child("probe").child(k)).fillRademacher(direction)
      hessianVector(point, direction, product)
      for (const [p, { begin, end }] of parts.entries()) {
        let sum = 0
        for (let i = begin; i < end; i++) sum += direction[i]! * product[i]!
        samples[p]!.push(sum)
      }
    }
    return samples.map(meanOf)
  }
  const all =
    traces === undefined
      ? estimates()
      : Array.from(traces, (estimate) => ({ estimate, standardError: 0 }))
  return parts.map(({ begin, end }, p) => {
    const top = Lanczos.topEigenpairs(
      (v, out) => {
        direction.fill(0)
        direction.set(v, begin)
        hessianVector(point, direction, product)
        out.set(product.subarray(begin, end))
      },
      {
        dimension: end - begin,
        count: 1,
        seed: seed.child("eigenvalue").child(p),
        tolerance: 1e-3,
        maxProducts: products,
        kernels,
      },
    )
    onPart?.(p + 1)
    return {
      trace: all[p]!,
      topEigenvalue: top.values[0]!,
      residual: top.residuals[0]!,
      status: top.status,
    }
  })
}
