/** The runs that metamorphic laws compare, for any implementation of gradient descent on these networks. */
import { Draw, type Given } from "@nonconvex/evidence"
import { topEigenvalue } from "../../network/TangentKernel.ts"
import { expand, sized } from "./Expand.ts"
import type { Problem, Subject } from "./Subject.ts"

/**
 * Run without steps, and the effective step `kappa` over the top eigenvalue there; 0 if that eigenvalue is at most
 * `least`.
 */
export const stepAt = (
  subject: Subject,
  problem: Omit<Problem, "step" | "steps">,
  kappa: number,
  least = 1e-9,
) => {
  const before = subject({ ...problem, step: 1, steps: 0 })
  const top = topEigenvalue(before.kernel, problem.targets.length, problem.kernels)
  return { before, step: top > least ? kappa / top : 0 }
}

export const runs = sized([8, 6, 24], { kappa: Draw.linear(1, 2.2), scale: Draw.linear(1.5, 0.6) })
type Run = Draw.Drawn<typeof runs>

/**
 * Twelve steps at kappa over the top eigenvalue. If no neuron is active on the samples, there is nothing to scale by.
 */
export const problemOf = (subject: Subject, instance: Run, { kernels }: Given, hidden = 1) => {
  const { seed, ...expanded } = expand(instance, kernels, { hidden })
  const { step } = stepAt(subject, expanded, instance.kappa, 1e-6)
  return { problem: { ...expanded, step, steps: 12 }, seed }
}

/** Tests whether a run stays in the range in which the tolerances are meaningful. */
export const isTame = (predictions: Float64Array): boolean =>
  predictions.every((f) => Math.abs(f) < 1e6)

export const scaled = (v: Float64Array, by: number): Float64Array => v.map((x) => x * by)

export const tolerance = 1e-9
