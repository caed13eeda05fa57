/** The runs that metamorphic laws compare, for any implementation of gradient descent on these networks. */
import { Draw, type Given } from "@nonconvex/evidence"
import type * as Seed from "@nonconvex/numerics/Seed"
import { topEigenvalue } from "../../network/TangentKernel.ts"
import { expand, type Sizes, sizesUpTo } from "./Expand.ts"
import type { Problem, Subject } from "./Subject.ts"

export interface Run extends Sizes {
  readonly kappa: number
  readonly scale: number
}

export const runs = Draw.record<Run>({
  ...sizesUpTo(8, 6, 24),
  kappa: Draw.linear(1, 2.2),
  scale: Draw.linear(1.5, 0.6),
  seed: Draw.seed(),
})

const steps = 12

/** Twelve steps at kappa over the top eigenvalue; gates of samples that no neuron sees leave nothing to scale by. */
export const problemOf = (
  subject: Subject,
  instance: Run,
  { kernels }: Given,
  hidden = 1,
): { readonly problem: Problem; readonly seed: Seed.Seed } => {
  const { seed, ...expanded } = expand(instance, kernels, { hidden })
  const { kernel } = subject({ ...expanded, step: 1, steps: 0 })
  const top = topEigenvalue(kernel, instance.samples, kernels)
  const problem: Problem = { ...expanded, step: top > 1e-6 ? instance.kappa / top : 0, steps }
  return { problem, seed }
}

/** Runs that leave the numbers in which tolerances make sense show nothing. */
export const isTame = (predictions: Float64Array): boolean =>
  predictions.every((f) => Math.abs(f) < 1e6)

export const scaled = (v: Float64Array, by: number): Float64Array => v.map((x) => x * by)

export const tolerance = 1e-9
