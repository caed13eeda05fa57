import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { sgd } from "@nonconvex/problems/Sgd"
import { sam } from "@nonconvex/problems/Sam"
import { usam } from "@nonconvex/problems/Usam"
import * as Theory from "../theory/Theory.ts"
import { topEigenvalue } from "./TopEigenvalue.ts"

/** Path of one method from the checkpoint. */
export interface MethodPath {
  /** `stuck`: in the second half of the run it rests, or bounces in place. */
  readonly outcome: "diverged" | "stuck" | "moving"
  /** Number of steps taken; all of them unless the run diverged. */
  readonly steps: number
  readonly loss: number
  /** Euclidean distance of the end point from the checkpoint. */
  readonly displacement: number
  readonly topEigenvalue: number
}

/** SAM and USAM from the same checkpoint, with what theory certifies of USAM there. */
export interface Diagnosis {
  readonly sam: MethodPath
  readonly usam: MethodPath
  readonly topEigenvalue: number
  /** `eta lambda (1 + rho lambda) >= 2`: the linearisation of USAM expands along the top eigenvector. */
  readonly usamUnstable: boolean
  /**
   * Upper bound on the distance that USAM can travel (`Theory.usamPathFromGradient`); undefined unless the objective has the
   * required constants.
   */
  readonly usamPathBound: number | undefined
  /** One-sentence summary for readers. */
  readonly summary: string
}

interface Options {
  readonly learningRate: number
  readonly radius: number
  readonly steps: number
  readonly seed?: Seed.Seed
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels
}

/** Distance from the checkpoint, in units of 1 + |w|, beyond which a method counts as diverged. */
const far = 1e6

/** Takes a step, and writes the midpoint of the points before and after it, which is stationary if SAM bounces in place. */
const stepAndCenter = <State extends MethodState>(
  method: Method<State>,
  state: State,
  center: Float64Array,
): number => {
  center.set(state.point)
  const loss = method.step(state)
  for (let i = 0; i < center.length; i++) center[i] = (center[i]! + state.point[i]!) / 2
  return loss
}

const follow = (
  make: typeof sam,
  objective: Objective,
  checkpoint: Float64Array,
  options: Options,
  seed: Seed.Seed,
): MethodPath => {
  const { kernels, learningRate, radius, steps } = options
  const method = make({ radius, base: sgd({ learningRate }) })
  const state = method.init(objective, checkpoint)
  const halfway = checkpoint.slice()
  const ending = checkpoint.slice()
  let loss = Number.NaN
  for (let t = 0; t < steps && state.status === "running"; t++) {
    if (t === steps >> 1) loss = stepAndCenter(method, state, halfway)
    else if (t === steps - 1) loss = stepAndCenter(method, state, ending)
    else loss = method.step(state)
  }
  const displacement = Vector.distance(state.point, checkpoint)
  const end = { steps: state.steps, loss, displacement }
  if (state.status === "diverged" || displacement > far * (1 + Vector.norm(checkpoint))) {
    return { outcome: "diverged", ...end, topEigenvalue: Number.NaN }
  }
  // the second half of the run went nowhere, measured against a perturbed step
  const isStuck = Vector.distance(ending, halfway) <= 1e-3 * radius * learningRate
  return {
    outcome: isStuck ? "stuck" : "moving",
    ...end,
    topEigenvalue: topEigenvalue(objective, state.point, { seed, kernels }).value,
  }
}

/**
 * Runs SAM and USAM from one checkpoint, with `steps` steps of gradient descent each, and reports the effect of the
 * normalisation. USAM may diverge, or be stuck at a point that SAM leaves.
 *
 * SAM counts as stuck where it bounces in place. Certificates: the threshold of USAM (Dai, Ahn, Sra 2023, Theorem 1, as recalled),
 * and a bound on its path (derived here). Throws InvalidInput on fewer than 4 steps, a negative radius and a checkpoint of the
 * wrong length.
 *
 * @example
 * ```ts import.meta.vitest
 * import { diagnoseNormalisation } from "@nonconvex/optim-sam"
 * import { valley } from "@nonconvex/problems/Valley"
 *
 * // at the bottom of a valley USAM rests, and SAM drifts to where it is flatter
 * const bottom = Float64Array.of(1, 1e-6)
 * const options = { learningRate: 0.1, radius: 0.1, steps: 2000 }
 * const { sam, usam } = diagnoseNormalisation(valley({ base: 2, amplitude: 1 }), bottom, options)
 * sam.outcome // => "moving"
 * usam.outcome // => "stuck"
 * ```
 */
export const diagnoseNormalisation = (
  objective: Objective,
  checkpoint: Float64Array,
  options: Options,
): Diagnosis => {
  Require.count("diagnoseNormalisation", "steps", options.steps, 4)
  Require.array("diagnoseNormalisation", "checkpoint", checkpoint, objective.dimension)
  const seed = options.seed ?? Seed.root("diagnosis")
  const lambda = topEigenvalue(objective, checkpoint, { seed, kernels: options.kernels }).value
  const usamUnstable =
    lambda > 0 && options.learningRate >= Theory.usamThreshold(options.radius, lambda)
  const withNormalisation = follow(sam, objective, checkpoint, options, seed)
  const without = follow(usam, objective, checkpoint, options, seed)
  const { polyakLojasiewicz: mu, smoothness: beta } = objective.constants ?? {}
  const gradient = new Float64Array(objective.dimension)
  objective.valueAndGradient(checkpoint, gradient)
  const certified =
    mu !== undefined &&
    beta !== undefined &&
    mu.basis !== "estimate" &&
    beta.basis !== "estimate" &&
    options.radius * beta.value < 1 &&
    options.learningRate * beta.value <= 1
  return {
    sam: withNormalisation,
    usam: without,
    topEigenvalue: lambda,
    usamUnstable,
    usamPathBound: certified
      ? Theory.usamPathFromGradient(Vector.norm(gradient), options.radius, mu.value, beta.value)
      : undefined,
    summary: `From this checkpoint SAM ${says[withNormalisation.outcome]} and USAM ${says[without.outcome]}; by the linearisation, USAM is ${usamUnstable ? "unstable" : "stable"} here.`,
  }
}

const says = { diverged: "diverges", stuck: "is stuck", moving: "keeps moving" } as const
