/** Runs of gradient descent of two layers in the space of their samples: the twin of `assembly/samples.ts`, step by step. */
import type { SamplesLimits, SamplesRun } from "../SamplesKernels.ts"
import type { Floats } from "../Staging.ts"
import * as Activation from "./Activation.ts"
import * as Gemm from "./Gemm.ts"
import * as Gemv from "./Gemv.ts"
import * as Gemv32 from "./Gemv32.ts"

/** Values and slopes, predictions, and what the loss asks of them; returns the loss. */
const look = (
  run: SamplesRun<Floats>,
  multiply: Gemv.Twin<Floats>,
  n: number,
  m: number,
): number => {
  const { activation, adjoint, factor, predictions, scale, slope, targets, value, weights, z } = run
  run.seen.set(weights)
  if (activation !== undefined) Activation.activate(activation, z, value, slope)
  else for (let i = 0; i < z.length; i++) value[i] = slope[i]! * z[i]!
  multiply(n, m, scale, value, weights, 0, predictions)
  let sum = 0
  for (let k = 0; k < n; k++) {
    const residual = predictions[k]! - targets[k]!
    adjoint[k] = 2 * factor * residual
    sum += residual * residual
  }
  return factor * sum
}

/** As `Kernels.descendInSamples`, of n samples and m neurons. */
export const descend = (
  run: SamplesRun<Floats>,
  steps: number,
  rate: number,
  losses: Float64Array,
  { above, atMost }: SamplesLimits,
): number => {
  const { adjoint, change, gram, moved, scale, seen, slope, value, weights, z } = run
  const [n, m] = [adjoint.length, weights.length]
  const isDouble = z.BYTES_PER_ELEMENT === 8
  const { multiply, multiplyTransposed } = (isDouble ? Gemv : Gemv32) as {
    readonly multiply: Gemv.Twin<Floats>
    readonly multiplyTransposed: Gemv.Twin<Floats>
  }
  const gemm = isDouble ? Gemm.gemm : Gemm.gemm32
  for (let taken = 0; taken < steps; taken++) {
    const loss = look(run, multiply, n, m)
    losses[taken] = loss
    if (!(loss > above && loss <= atMost)) return taken
    multiplyTransposed(n, m, -rate * scale, value, adjoint, 1, weights)
    for (let k = 0, here = 0; k < n; k++) {
      const scaled = adjoint[k]! * scale
      for (let i = 0; i < m; i++, here++) {
        change[here] = scaled * slope[here]! * seen[i]!
        moved[here]! -= rate * change[here]!
      }
    }
    gemm(false, false, n, m, n, -rate, gram, change, 1, z)
  }
  return steps
}
