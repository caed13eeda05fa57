/** Whole runs of gradient descent of two layers in the space of their samples. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import type { Activation } from "./NetworkKernels.ts"
import { names } from "./reference/Activation.ts"
import * as Samples from "./reference/Samples.ts"
import type { Floats } from "./Staging.ts"

/**
 * The network `f = scale phi(z) w` on n samples with m neurons, its loss `factor |f - y|^2`, and all that its steps change: a step with the rate eta takes
 * `eta scale phi(z)' q` off the weights and `eta gram C` off z, with `C = scale diag(q) phi'(z) diag(w)` and the derivatives q of the loss.
 */
export interface SamplesRun<A extends Floats> {
  /** Undefined where the slopes are held: `phi(z) = slope z`. */
  readonly activation: Activation | undefined
  readonly scale: number
  readonly targets: Float64Array
  readonly factor: number
  /** n x n. */
  readonly gram: A
  /** Pre-activations, and the sum of `-eta C`; n x m, as the next three. */
  readonly z: A
  readonly moved: A
  /** Values and slopes where the loss was computed last. */
  readonly value: A
  readonly slope: A
  /** Room for C. */
  readonly change: A
  readonly weights: A
  /** The weights where the loss was computed last, and the predictions and the derivatives of the loss there. */
  readonly seen: A
  readonly predictions: A
  readonly adjoint: A
}

/** A run goes on while its loss is above one bound and at most the other, which is a finite number. */
export interface SamplesLimits {
  readonly above: number
  readonly atMost: number
}

export interface SamplesKernels {
  /**
   * Takes up to `steps` steps and returns how many, with the loss before each in `losses`; it ends before a step whose loss leaves the limits, which it writes too. What is told of the last
   * loss stays as it was there, so that a step after it may go on from it. float64 or float32, in which products are computed alike, and what is element by element
   * in float64. Undefined, with nothing changed, where single steps take less time. Throws InvalidInput on wrong lengths, on numbers that are not finite and where arrays overlap, ArenaFull where copies do
   * not fit.
   */
  readonly descendInSamples: <A extends Floats>(
    run: SamplesRun<A>,
    steps: number,
    rate: number,
    losses: Float64Array,
    limits: SamplesLimits,
  ) => number | undefined
}

/** Where the arrays lie that a run changes. */
type States = [
  ...[z: number, moved: number, value: number, slope: number, change: number],
  ...[weights: number, seen: number, predictions: number, adjoint: number, losses: number],
]

const operation = "Kernels.descendInSamples"

export const samplesKernels = (engine: Engine): SamplesKernels => ({
  descendInSamples: descendInSamples(engine),
})

/** Requires numbers and arrays that fit together, and none that are written to be another's. */
const requireRun = (
  run: SamplesRun<Floats>,
  steps: number,
  rate: number,
  losses: Float64Array,
  { above, atMost }: SamplesLimits,
): void => {
  const { adjoint, change, gram, moved, predictions, seen, slope, targets, value, weights, z } = run
  const [n, m] = [targets.length, weights.length]
  Check.dimensions(operation, steps)
  Require.count(operation, "targets.length", n)
  Require.count(operation, "weights.length", m)
  Require.finite(operation, "rate", rate)
  Require.finite(operation, "scale", run.scale)
  Require.finite(operation, "factor", run.factor)
  Require.finite(operation, "atMost", atMost)
  if (Number.isNaN(above)) invalid(operation, "above must be a number", { above })
  if (losses.length < steps)
    invalid(operation, "losses must have room for all steps", { losses: losses.length, steps })
  Check.length(operation, "gram", gram, n * n)
  for (const matrix of [z, moved, value, slope, change])
    Check.length(operation, "n x m", matrix, n * m)
  Check.length(operation, "seen", seen, m)
  Check.length(operation, "predictions", predictions, n)
  Check.length(operation, "adjoint", adjoint, n)
  const arrays = [z, moved, value, slope, change, weights, seen, predictions, adjoint]
  const others = [losses, gram, targets]
  for (let i = 0; i < arrays.length; i++) {
    Check.sameType(operation, gram, z, arrays[i]!)
    for (let j = 0; j < i; j++) Check.apart(operation, "what is written", arrays[i]!, arrays[j]!)
    for (const other of others) Check.apart(operation, "what is written", arrays[i]!, other)
  }
}

const descendInSamples =
  ({ exports: wasm, staging }: Engine): SamplesKernels["descendInSamples"] =>
  (run: SamplesRun<Floats>, steps, rate, losses, limits) => {
    requireRun(run, steps, rate, losses, limits)
    if (wasm === undefined || steps === 0) return Samples.descend(run, steps, rate, losses, limits)
    const { activation, adjoint, change, factor, gram, moved, predictions, scale } = run
    const { seen, slope, targets, value, weights, z } = run
    const [n, m] = [targets.length, weights.length]
    // the order of the arguments; what a run that ends early may not write is copied in too
    const states = [z, moved, value, slope, change, weights, seen, predictions, adjoint, losses]
    try {
      const from = [staging.input(targets), staging.input(gram)] as const
      const at = states.map((array) => staging.output(array, true))
      const descend = z.BYTES_PER_ELEMENT === 8 ? wasm.descendSamples : wasm.descendSamples32
      const taken = descend(
        activation === undefined ? -1 : names.indexOf(activation),
        steps,
        n,
        m,
        scale,
        rate,
        factor,
        limits.above,
        limits.atMost,
        ...from,
        ...(at as States),
        staging.temporary(32 * n),
      )
      for (let k = 0; k < states.length; k++) staging.back(states[k]!, at[k]!)
      return taken
    } finally {
      staging.end()
    }
  }
