/** Trace and top eigenvalue along a training run, with common probes: differences between checkpoints have small error bars. */
import { Lanczos, type Operator, RandomStream, type Seed, Vector } from "@nonconvex/numerics"
import { HessianVector, type Objective } from "@nonconvex/problems"
import type { Estimate } from "./Flatness.ts"
import { requireCount, requirePositive } from "./Input.ts"

export interface Reading {
  readonly trace: Estimate
  readonly topEigenvalue: number
  readonly topEigenvalueResidual: number
  /** Trace minus that of the checkpoint before, from the probes that both have; absent at the first. */
  readonly change?: Estimate
  readonly probes: number
}

export interface Monitor {
  /** Measures at `point`. */
  readonly read: (point: Float64Array) => Reading
}

const summary = (samples: ReadonlyArray<number>): Estimate => {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length
  const square = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    estimate: mean,
    standardError:
      samples.length < 2
        ? Number.POSITIVE_INFINITY
        : Math.sqrt(square / (samples.length - 1) / samples.length),
  }
}

/**
 * A monitor of `objective`. Probes are added until the standard error of the trace is at most `relativeError` of it, from 8 to
 * `maxProbes`: not until two running means happen to agree. Probe k is the same at every checkpoint, and the eigenvector of the
 * last one starts the next search. Memory is that of a few vectors, whatever the number of readings. Throws InvalidInput.
 */
export const monitor = (
  objective: Objective,
  options: {
    readonly seed: Seed.Seed
    readonly relativeError?: number
    readonly maxProbes?: number
    readonly tolerance?: number
  },
): Monitor => {
  const { maxProbes = 100, relativeError = 0.05, seed, tolerance = 1e-3 } = options
  requirePositive("monitor", "relativeError", relativeError)
  requireCount("monitor", "maxProbes", maxProbes, 8)
  const n = objective.dimension
  const product = HessianVector.of(objective)
  const z = new Float64Array(n)
  const out = new Float64Array(n)
  let before: ReadonlyArray<number> = []
  let start: Float64Array | undefined
  return {
    read: (point) => {
      const operator: Operator.Operator = (v, into) => product(point, v, into)
      const samples: Array<number> = []
      for (let k = 0; k < maxProbes; k++) {
        RandomStream.make(seed.child("probe").child(k)).fillRademacher(z)
        operator(z, out)
        samples.push(Vector.dot(z, out))
        if (k < 7) continue
        const { estimate, standardError } = summary(samples)
        if (standardError <= relativeError * Math.abs(estimate)) break
      }
      const top = Lanczos.topEigenpairs(operator, {
        dimension: n,
        count: 1,
        seed: seed.child("eigenvalue"),
        tolerance,
        ...(start !== undefined && { start }),
      })
      start = top.vectors.slice(0, n)
      const common = Math.min(before.length, samples.length)
      const change = Array.from({ length: common }, (_, k) => samples[k]! - before[k]!)
      before = samples
      return {
        trace: summary(samples),
        topEigenvalue: top.values[0]!,
        topEigenvalueResidual: top.residuals[0]!,
        probes: samples.length,
        ...(common > 0 && { change: summary(change) }),
      }
    },
  }
}
