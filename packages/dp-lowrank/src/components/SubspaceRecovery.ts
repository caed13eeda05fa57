/** Recovery of the subspace of the top components. */
import * as Vector from "@nonconvex/numerics/Vector"
import { type LowRank, toMatrix, withValues } from "./LowRank.ts"

/** Projector onto the span of the vectors, as a matrix. */
export const projector = (lowRank: LowRank): Float64Array => toMatrix(withValues(lowRank, () => 1))

/** |P - Q|_F of the projectors P and Q on two subspaces: 0 for the same, sqrt(2 k) for orthogonal ones of dimension k. */
export const projectorDistance = (one: LowRank, other: LowRank): number =>
  Vector.distance(projector(one), projector(other))
