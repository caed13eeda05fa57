import { Lanczos, Seed, Vector } from "@nonconvex/numerics"
import { HessianVector, type Objective, sgd } from "@nonconvex/problems"
import { sam, usam } from "./Sam.ts"
import * as Theory from "./Theory.ts"

/** What became of one method, from the checkpoint on. */
export interface Fate {
  readonly outcome: "diverged" | "stuck" | "moving"
  /** Steps taken, all of them unless it diverged. */
  readonly steps: number
  readonly loss: number
  /** |w_end - w_checkpoint|. */
  readonly displacement: number
  readonly topEigenvalue: number
}

/** SAM and USAM from the same checkpoint, with what theory certifies of USAM there. */
export interface Diagnosis {
  readonly sam: Fate
  readonly usam: Fate
  readonly topEigenvalue: number
  /** `eta lambda (1 + rho lambda) >= 2`: the linearisation of USAM expands along the top eigenvector. */
  readonly usamUnstable: boolean
  /** USAM cannot go farther than this (`Theory.usamPathFromGradient`); present where mu and beta are given. */
  readonly usamPathBound: number | undefined
  /** One sentence for a person. */
  readonly summary: string
}

interface Options {
  readonly learningRate: number
  readonly radius: number
  readonly steps: number
  readonly seed?: Seed.Seed
}

const topEigenvalue = (objective: Objective, point: Float64Array, seed: Seed.Seed): number => {
  const product = HessianVector.of(objective)
  return Lanczos.topEigenpairs((v, out) => product(point, v, out), {
    dimension: objective.dimension,
    count: 1,
    seed,
    tolerance: 1e-6,
  }).values[0]!
}

const follow = (
  make: typeof sam,
  objective: Objective,
  checkpoint: Float64Array,
  options: Options,
  seed: Seed.Seed,
): Fate => {
  const method = make({
    radius: options.radius,
    base: sgd({ learningRate: options.learningRate }),
  })
  const state = method.init(objective, checkpoint)
  const halfway = new Float64Array(checkpoint.length)
  let loss = Number.NaN
  while (state.steps < options.steps && state.status === "running") {
    loss = method.step(state)
    if (state.steps === options.steps >> 1) halfway.set(state.point)
  }
  const displacement = Vector.distance(state.point, checkpoint)
  if (state.status === "diverged") {
    return {
      outcome: "diverged",
      steps: state.steps,
      loss,
      displacement,
      topEigenvalue: Number.NaN,
    }
  }
  // stuck: the second half of the run went nowhere, measured against the perturbation
  const late = Vector.distance(state.point, halfway)
  return {
    outcome: late <= 1e-3 * options.radius * options.learningRate ? "stuck" : "moving",
    steps: state.steps,
    loss,
    displacement,
    topEigenvalue: topEigenvalue(objective, state.point, seed),
  }
}

/**
 * Runs SAM and USAM from one checkpoint and says what the normalisation is worth there: whether USAM diverges, or is stuck
 * where SAM keeps moving, with the threshold (Theorem 1 as recalled) and the path bound (derived here) as certificates.
 */
export const diagnoseNormalisation = (
  objective: Objective,
  checkpoint: Float64Array,
  options: Options,
): Diagnosis => {
  const seed = options.seed ?? Seed.root("diagnosis")
  const lambda = topEigenvalue(objective, checkpoint, seed)
  const usamUnstable =
    lambda > 0 && options.learningRate >= Theory.usamThreshold(options.radius, lambda)
  const withNormalisation = follow(sam, objective, checkpoint, options, seed)
  const without = follow(usam, objective, checkpoint, options, seed)
  const { polyakLojasiewicz: mu, smoothness: beta } = objective.constants
  const gradient = new Float64Array(objective.dimension)
  objective.valueAndGradient(checkpoint, gradient)
  const certified =
    mu !== undefined &&
    beta !== undefined &&
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
    summary: `From this checkpoint SAM ${says[withNormalisation.outcome]} and USAM ${says[without.outcome]}; ${
      usamUnstable
        ? "the linearisation says that USAM is unstable here"
        : "the linearisation says that USAM is stable here"
    }.`,
  }
}

const says = {
  diverged: "diverges",
  stuck: "is stuck",
  moving: "keeps moving",
} as const
