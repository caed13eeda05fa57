import { Draw } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { gaussianMeasurements, lowRank } from "./Instances.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"

export const orbits = Draw.record({
  size: Draw.integer(2, 4),
  depth: Draw.integer(2, 4),
  rank: Draw.integer(1, 2),
  spare: Draw.integer(1, 2),
  count: Draw.integer(6, 16),
  seed: Draw.seed(),
})

/** Measurements, a matrix, and layers of its rank. */
export const orbitOf = (
  { count, depth, rank, seed, size }: Draw.Drawn<typeof orbits>,
  kernels: Kernels.Kernels,
) => {
  const root = Seed.root(seed)
  return {
    root,
    measurements: gaussianMeasurements(size, size, count, root.child("A"), kernels),
    m: lowRank(size, size, rank, root.child("M"), kernels),
    shape: Factorisation.uniformShape(size, size, depth, rank),
  }
}
