/** What laws of the nuclear-norm solver are asked of. */
import { Draw } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { gaussianSensing } from "./Sensing.ts"

export const sensingInstances = Draw.record({
  rows: Draw.integer(1, 5),
  columns: Draw.integer(1, 5),
  rank: Draw.integer(1, 2),
  count: Draw.integer(1, 20),
  seed: Draw.seed(),
})

export type SensingInstance = Draw.Drawn<typeof sensingInstances>

export const expandSensing = (instance: SensingInstance, kernels: Kernels.Kernels) => {
  const seed = Seed.root(instance.seed)
  return { ...gaussianSensing(instance, seed, kernels), seed }
}

/** A relative gap of 1e-10 is asked of the solver; where it needs more than its budget it may leave 1e-7. */
export const gapTolerance = 1e-7
