/** Whole runs of gradient descent with noise on the labels, of two-layer networks whose activation is `z^3 + slope z`. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Noisy from "./reference/Noisy.ts"

/** The steps of a run: step t sees the data `indices[t batch ...]`, with `epsilon` on their labels. */
export interface NoisySteps {
  readonly neurons: number
  readonly slope: number
  /** Of half the mean of squares over a batch. */
  readonly rate: number
  readonly labels: Float64Array
  readonly batch: number
  /** As many as all steps see. */
  readonly indices: Uint32Array
  readonly epsilon: Float64Array
}

/** A run in the pre-activations: on all data in their order, with n numbers of noise a step, or on the datum of each step in `indices`, with one. */
export interface NoisyRun {
  readonly indices?: Uint32Array
  readonly epsilon: Float64Array
  readonly z: Float64Array
  readonly coefficients: Float64Array
}

export interface NoisyKernels {
  /**
   * Takes the steps in the pre-activations `z` (n x m, changed by the Gram matrix, n x n), and adds to `coefficients` (n x m) what each datum has added to the parameters.
   * Returns how many steps: it stops before one in which the square of a residual is not finite. No multiply-add is fused, whatever the build. Throws
   * InvalidInput on wrong lengths and on data that there are not, ArenaFull where copies do not fit.
   */
  readonly noisyPreactivations: (
    steps: NoisySteps,
    gram: Float64Array,
    z: Float64Array,
    coefficients: Float64Array,
  ) => number
  /**
   * Likewise for many runs at once, with different noise, all of them on all data or all on one datum a step. Stops before a step that any run cannot take. Undefined, and
   * nothing has changed, where one run after the other takes no longer.
   */
  readonly noisyTogether: (
    steps: Pick<NoisySteps, "neurons" | "slope" | "rate" | "labels">,
    gram: Float64Array,
    runs: ReadonlyArray<NoisyRun>,
  ) => number | undefined
  /** Likewise in the parameters `theta` (m x d) on `features` (n x d). */
  readonly noisyParameters: (
    steps: NoisySteps,
    features: Float64Array,
    theta: Float64Array,
  ) => number
}

export const noisyKernels = (engine: Engine): NoisyKernels => ({
  noisyPreactivations: noisyPreactivations(engine),
  noisyTogether: noisyTogether(engine),
  noisyParameters: noisyParameters(engine),
})

const requireNetwork = (
  operation: string,
  { labels, neurons, rate, slope }: Pick<NoisySteps, "neurons" | "slope" | "rate" | "labels">,
): void => {
  Require.count(operation, "neurons", neurons)
  Require.count(operation, "labels.length", labels.length)
  Require.finite(operation, "rate", rate)
  Require.finite(operation, "slope", slope)
}

const requireSteps = (operation: string, steps: NoisySteps): void => {
  const { batch, epsilon, indices, labels } = steps
  requireNetwork(operation, steps)
  Require.count(operation, "batch", batch)
  if (indices.length % batch !== 0)
    invalid(operation, "indices must be whole batches", { "indices.length": indices.length, batch })
  Require.length(operation, "epsilon", epsilon.length, indices.length)
  Check.indices(operation, indices, labels.length, "data")
}

/** Numbers of a row of m, in whole vectors. */
const pitchOf = (m: number): number => m + (m & 1)

const noisyPreactivations =
  ({ exports: wasm, heap, staging }: Engine): NoisyKernels["noisyPreactivations"] =>
  (steps, gram, z, coefficients) => {
    const operation = "Kernels.noisyPreactivations"
    requireSteps(operation, steps)
    const { batch, epsilon, indices, labels, neurons: m, rate, slope } = steps
    const n = labels.length
    Check.length(operation, "gram", gram, n * n)
    Check.length(operation, "z", z, n * m)
    Check.length(operation, "coefficients", coefficients, n * m)
    Check.apart(operation, "z and coefficients", z, coefficients)
    if (wasm === undefined) return Noisy.inPreactivations(steps, gram, z, coefficients)
    const pitch = pitchOf(m)
    /** Copies rows into the memory and back. */
    const lay = (rows: Float64Array) => {
      const at = staging.temporary(8 * n * pitch)
      heap.fill(0, at / 8, at / 8 + n * pitch)
      for (let i = 0; i < n; i++) heap.set(rows.subarray(i * m, (i + 1) * m), at / 8 + i * pitch)
      return at
    }
    const back = (rows: Float64Array, at: number) => {
      for (let i = 0; i < n; i++) {
        const from = at / 8 + i * pitch
        rows.set(heap.subarray(from, from + m), i * m)
      }
    }
    try {
      const pz = lay(z)
      const pc = lay(coefficients)
      const taken = wasm.noisyPreactivations(
        indices.length / batch,
        batch,
        n,
        m,
        slope,
        rate,
        staging.input(gram),
        staging.input(labels),
        staging.integers(indices),
        staging.input(epsilon),
        pz,
        pc,
        staging.temporary(8 * batch * (pitch + 1)),
      )
      back(z, pz)
      back(coefficients, pc)
      return taken
    } finally {
      staging.end()
    }
  }

const noisyTogether =
  ({ exports: wasm, heap, staging }: Engine): NoisyKernels["noisyTogether"] =>
  (network, gram, runs) => {
    const operation = "Kernels.noisyTogether"
    requireNetwork(operation, network)
    const { labels, neurons: m, rate, slope } = network
    const n = labels.length
    Check.length(operation, "gram", gram, n * n)
    const [first] = runs
    if (first === undefined) return 0
    const ofStep = first.indices === undefined ? n : 1
    const steps = first.epsilon.length / ofStep
    Require.count(operation, "epsilon.length / labels.length", steps, 0)
    for (const { coefficients, epsilon, indices, z } of runs) {
      Check.length(operation, "epsilon", epsilon, steps * ofStep)
      Check.length(operation, "z", z, n * m)
      Check.length(operation, "coefficients", coefficients, n * m)
      if ((indices === undefined) !== (first.indices === undefined))
        invalid(operation, "all runs or none must have indices", { runs: runs.length })
      if (indices === undefined) continue
      Require.length(operation, "indices", indices.length, steps)
      Check.indices(operation, indices, n, "data")
    }
    if (first.indices !== undefined) return undefined
    if (wasm === undefined) return Noisy.together(network, gram, runs)
    const pairs = (runs.length + 1) >> 1
    const size = 2 * n * m
    try {
      const [pz, pc] = [staging.temporary(8 * pairs * size), staging.temporary(8 * pairs * size)]
      const pe = staging.temporary(16 * pairs * n * steps)
      // the last run stands in for the one that an odd number lacks
      for (let r = 0; r < 2 * pairs; r++) {
        const { coefficients, epsilon, z } = runs[r] ?? runs[r - 1]!
        const [pair, lane] = [r >> 1, r & 1]
        for (let i = 0; i < n * m; i++) {
          heap[pz / 8 + pair * size + 2 * i + lane] = z[i]!
          heap[pc / 8 + pair * size + 2 * i + lane] = coefficients[i]!
        }
        for (let t = 0; t < steps; t++) {
          const to = pe / 8 + 2 * n * (t * pairs + pair) + lane
          for (let i = 0; i < n; i++) heap[to + 2 * i] = epsilon[t * n + i]!
        }
      }
      const taken = wasm.noisyTogether(
        steps,
        pairs,
        n,
        m,
        slope,
        rate,
        staging.input(gram),
        staging.input(labels),
        pe,
        pz,
        pc,
        staging.temporary(16 * pairs * n * (m + 1)),
      )
      for (const [r, { coefficients, z }] of runs.entries()) {
        const from = (r >> 1) * size + (r & 1)
        for (let i = 0; i < n * m; i++) {
          z[i] = heap[pz / 8 + from + 2 * i]!
          coefficients[i] = heap[pc / 8 + from + 2 * i]!
        }
      }
      return taken
    } finally {
      staging.end()
    }
  }

const noisyParameters =
  ({ exports: wasm, heap, staging }: Engine): NoisyKernels["noisyParameters"] =>
  (steps, features, theta) => {
    const operation = "Kernels.noisyParameters"
    requireSteps(operation, steps)
    const { batch, epsilon, indices, labels, neurons: m, rate, slope } = steps
    const d = features.length / labels.length
    Require.count(operation, "features.length / labels.length", d)
    Check.length(operation, "theta", theta, m * d)
    Check.apart(operation, "theta and features", theta, features)
    if (wasm === undefined) return Noisy.inParameters(steps, features, theta)
    const pitch = pitchOf(m)
    try {
      const at = staging.temporary(8 * d * pitch)
      const first = at / 8
      heap.fill(0, first, first + d * pitch)
      for (let j = 0; j < m; j++)
        for (let a = 0; a < d; a++) heap[first + a * pitch + j] = theta[j * d + a]!
      const taken = wasm.noisyParameters(
        indices.length / batch,
        batch,
        d,
        m,
        slope,
        rate,
        staging.input(features),
        staging.input(labels),
        staging.integers(indices),
        staging.input(epsilon),
        at,
        staging.temporary(8 * pitch),
        staging.temporary(8 * batch * (pitch + 1)),
      )
      for (let j = 0; j < m; j++)
        for (let a = 0; a < d; a++) theta[j * d + a] = heap[first + a * pitch + j]!
      return taken
    } finally {
      staging.end()
    }
  }
