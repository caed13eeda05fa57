/** Audit of another program by its outputs on two neighbouring inputs. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import type { Target } from "../privacy/Target.ts"
import { ofValues, type Report } from "./Audit.ts"

/** Outputs of one input: row-major, one row per run. */
export interface Outputs {
  readonly values: Float64Array
  readonly dimension: number
}

/** Promised privacy, confidence, and the order in which outputs are used. */
export interface SamplesOptions extends Target {
  /** Probability that a private mechanism passes; default 0.999. */
  readonly confidence?: number
  readonly seed: Seed.Seed
}

/** Minimum number of runs; fewer are inconclusive. */
const fewest = 100

const runsOf = ({ dimension, values }: Outputs): number => values.length / dimension

const requireOutputs = (name: "first" | "second", outputs: Outputs): void => {
  const { dimension, values } = outputs
  Require.count("Audit.auditSamples", `${name}.dimension`, dimension)
  Require.count("Audit.auditSamples", `runs of ${name}`, runsOf(outputs), fewest)
  Require.allFinite("Audit.auditSamples", name, values)
}

/** The mean and the variance of a coordinate over some of the runs. */
const momentsOf = ({ dimension, values }: Outputs, runs: Uint32Array, coordinate: number) => {
  let [sum, squares] = [0, 0]
  for (const run of runs) sum += values[run * dimension + coordinate]!
  const mean = sum / runs.length
  for (const run of runs) squares += Elementary.square(values[run * dimension + coordinate]! - mean)
  return { mean, variance: squares / runs.length }
}

/**
 * Direction that best separates two sets of outputs with independent coordinates: differences of means over variances. A
 * coordinate that differs between the sets without varying within them decides alone.
 */
const directionOf = (
  first: Outputs,
  second: Outputs,
  firstRuns: Uint32Array,
  secondRuns: Uint32Array,
): Float64Array => {
  const direction = new Float64Array(first.dimension)
  for (let j = 0; j < direction.length; j++) {
    const [a, b] = [momentsOf(first, firstRuns, j), momentsOf(second, secondRuns, j)]
    const shift = b.mean - a.mean
    const variance = (a.variance + b.variance) / 2
    if (shift !== 0 && variance === 0) {
      direction.fill(0)
      direction[j] = 1
      return direction
    }
    direction[j] = shift === 0 ? 0 : shift / variance
  }
  return direction
}

const project = (
  { dimension, values }: Outputs,
  runs: Uint32Array,
  direction: Float64Array | undefined,
): Float64Array =>
  Float64Array.from(runs, (run) => {
    if (direction === undefined) return values[run]!
    let sum = 0
    for (let j = 0; j < dimension; j++) sum += direction[j]! * values[run * dimension + j]!
    return sum
  })

/**
 * Bounds the epsilon of a mechanism from below, from outputs of independent runs on two neighbouring inputs, at the given
 * confidence. It makes no assumption on the noise. Vector outputs are projected onto a direction that the first half of the
 * runs chooses; the other half tests it. If the inputs have different numbers of runs, it uses equally many of each, in
 * random order, since files may be sorted.
 *
 * Throws InvalidInput on fewer than 100 runs, unequal dimensions, non-finite numbers, a confidence or delta outside of (0,
 * 1), and a negative epsilon. Source: the audit of `Audit.audit`; the direction is Fisher's for independent coordinates.
 * Ours.
 */
export const auditSamples = (
  first: Outputs,
  second: Outputs,
  { confidence = 0.999, delta, epsilon, seed }: SamplesOptions,
): Report => {
  requireOutputs("first", first)
  requireOutputs("second", second)
  Require.fraction("Audit.auditSamples", "confidence", confidence)
  Require.fraction("Audit.auditSamples", "delta", delta)
  if (!(epsilon >= 0)) invalid("Audit.auditSamples", "epsilon must be at least 0", { epsilon })
  const { dimension } = first
  Require.length("Audit.auditSamples", "an output of second", second.dimension, dimension)
  const half = Math.min(runsOf(first), runsOf(second)) >> 1
  const [firstRuns, secondRuns] = ([first, second] as const).map((outputs, k) =>
    RandomStream.make(seed.child(k))
      .permutation(runsOf(outputs))
      .subarray(0, 2 * half),
  ) as [Uint32Array, Uint32Array]
  const direction =
    dimension === 1
      ? undefined
      : directionOf(first, second, firstRuns.subarray(0, half), secondRuns.subarray(0, half))
  return ofValues(project(first, firstRuns, direction), project(second, secondRuns, direction), {
    confidence,
    delta,
    epsilon,
  })
}
