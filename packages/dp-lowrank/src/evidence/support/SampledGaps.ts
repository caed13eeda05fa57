/** Instances of the laws of eigenvalue gaps, and gaps of matrices that moved. Each trial draws its own sample; a true statement fails a trial with probability `falseAlarm`. */
import { Draw, type Given } from "@nonconvex/evidence"
import * as Gaps from "../../eigenvalues/Gaps.ts"
import { streamOf } from "./Structures.ts"

export const falseAlarm = 1e-9

export const sampled = (smallest: number, largest: number) =>
  Draw.record({
    dimension: Draw.integer(smallest, largest),
    beta: Draw.oneOf(1, 2),
    m: Draw.oneOf<number>(0, 1, 5),
    seed: Draw.seed(),
  })
export type Sampled = Draw.Drawn<ReturnType<typeof sampled>>

export const movedGaps = (
  instance: Sampled,
  { kernels }: Given,
  start: Float64Array,
  index: number,
  count: number,
) => {
  const stream = streamOf(instance.seed, "motion")
  return Float64Array.from({ length: count }, () => {
    const motion = Gaps.matrixMotion(start, instance.beta)
    Gaps.move(motion, 1, stream)
    return Gaps.gapsOf(Gaps.eigenvaluesOf(motion, kernels))[index]!
  })
}
