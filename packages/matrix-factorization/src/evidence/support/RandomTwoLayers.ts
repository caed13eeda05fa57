import { Draw } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { dense, Factorisation } from "../../index.ts"
import { lowRank, normals } from "./Instances.ts"

export const twoLayers = Draw.record({
  rows: Draw.integer(1, 5),
  columns: Draw.integer(1, 5),
  /** Number of hidden units above the rank. */
  spare: Draw.integer(0, 3),
  count: Draw.integer(1, 8),
  /** Rank of each measurement; with few measurements of low rank some directions are unseen, and B_1 or B_2 is singular. */
  rank: Draw.integer(1, 5),
  seed: Draw.seed(),
})

export const expandTwo = (
  { columns, count, rank, rows, seed, spare }: Draw.Drawn<typeof twoLayers>,
  kernels: Kernels.Kernels,
) => {
  const root = Seed.root(seed)
  const shape = Factorisation.shape([columns, Math.min(rows, columns) + spare, rows])
  const matrices = new Float64Array(count * rows * columns)
  for (let i = 0; i < count; i++) {
    matrices.set(
      lowRank(rows, columns, rank, root.child("A").child(i), kernels),
      i * rows * columns,
    )
  }
  return {
    shape,
    measurements: dense({ rows, columns, matrices, kernels }),
    x: normals(root.child("W"), shape.dimension),
  }
}
