/** Gaussian measurements of a random matrix of low rank, for laws of the nuclear-norm solver. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import { Draw } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { measure } from "../../index.ts"
import { gaussianMeasurements, lowRank } from "./Instances.ts"

export interface SensingInstance {
  readonly rows: number
  readonly columns: number
  readonly rank: number
  readonly count: number
  readonly seed: number
}

export const sensingInstances = Draw.record<SensingInstance>({
  rows: Draw.integer(1, 5),
  columns: Draw.integer(1, 5),
  rank: Draw.integer(1, 2),
  count: Draw.integer(1, 20),
  seed: Draw.seed(),
})

export const expandSensing = (
  { columns, count, rank, rows, seed }: SensingInstance,
  kernels: Kernels.Kernels,
) => {
  const root = Seed.root(seed)
  const measurements = gaussianMeasurements(rows, columns, count, root.child("A"), kernels)
  const truth = lowRank(rows, columns, rank, root.child("M"), kernels)
  return { measurements, truth, targets: measure(measurements, truth), seed: root }
}

/** A relative gap of 1e-10 is asked of the solver; where it needs more than its budget it may leave 1e-7. */
export const gapTolerance = 1e-7
