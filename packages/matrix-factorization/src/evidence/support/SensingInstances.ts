/** Instances for the laws of the nuclear-norm solver. */
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

type SensingInstance = Draw.Drawn<typeof sensingInstances>

export const expandSensing = (instance: SensingInstance, kernels: Kernels.Kernels) => {
  const seed = Seed.root(instance.seed)
  return { ...gaussianSensing(instance, seed, kernels), seed }
}

/**
 * Relative gap at which a result counts as certified: ours aims for 1e-10, and others may aim for less. No budget suffices
 * for every instance. A splitting takes steps of the size of the least singular values. It converges like the cosine of the
 * angle between the matrices of that rank and the interpolants. Results without a certificate are compared with their own
 * bounds.
 */
export const gapTolerance = 1e-7
