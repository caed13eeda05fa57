/** A certificate with the density of the spectrum, and its cost. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Objective } from "@nonconvex/problems/Objective"
import { Schema } from "effect"
import { Certificate, certify } from "../certificate/Certificate.ts"
import { type CertifyOptions, phases } from "../certificate/CertifyOptions.ts"
import { spectralDensity } from "../monitor/SpectralDensity.ts"

/** The certificate of a network, and the spectral density of its Hessian. */
export const CertifiedNetwork = Schema.Struct({
  network: Schema.String,
  certificate: Certificate,
  /** Nodes and weights, as from `spectralDensity`. */
  density: Schema.Array(Schema.Struct({ eigenvalue: Schema.Number, weight: Schema.Number })),
})
export type CertifiedNetwork = typeof CertifiedNetwork.Type

const everyPhase = [...phases, "density"] as const

/** Progress of a certificate. */
export const Counted = Schema.Struct({
  phase: Schema.Literals(everyPhase),
  /** Number of gradients so far; a Hessian product counts as two. */
  gradients: Schema.Int,
})

/** An objective with its own products. */
export type WithProducts = Objective & Required<Pick<Objective, "hessianVector">>

/** `objective`, which reports the cost of each evaluation in gradients. */
export const counted = (
  objective: WithProducts,
  onCost: (gradients: number) => void,
): WithProducts => ({
  ...objective,
  descend: undefined,
  valueAndGradient: (x, gradient) => {
    onCost(1)
    return objective.valueAndGradient(x, gradient)
  },
  hessianVector: (x, v, out) => {
    onCost(2)
    objective.hessianVector(x, v, out)
  },
  ...(objective.gaussNewton?.split !== undefined && {
    gaussNewton: {
      ...objective.gaussNewton,
      split: {
        ...objective.gaussNewton.split,
        rest: (x, v) => {
          onCost(2)
          return objective.gaussNewton!.split!.rest(x, v)
        },
      },
    },
  }),
})

interface Options extends CertifyOptions {
  readonly kernels: Kernels.Kernels
  readonly report: (now: typeof Counted.Type) => void
  /** Lanczos steps for the density from each of three random directions; default 40. */
  readonly steps?: number
}

/** The certificate of an objective at a point, the density, and the number of gradients for both. Throws like `certify`. */
export const certified = (
  of: WithProducts,
  point: Float64Array,
  { report, steps = 40, ...options }: Options,
): { readonly found: CertifiedNetwork; readonly gradients: number } => {
  const { kernels, seed } = options
  let gradients = 0
  let phase: (typeof everyPhase)[number] = "Hessian"
  const objective = counted(of, (cost) => {
    gradients += cost
    report({ phase, gradients })
  })
  const certificate = certify(objective, point, {
    ...options,
    onPhase: (next) => {
      phase = next
    },
  })
  phase = "density"
  const { eigenvalues, weights } = spectralDensity(
    (v, out) => objective.hessianVector(point, v, out),
    { dimension: objective.dimension, probes: 3, steps, seed: seed.child("density"), kernels },
  )
  return {
    found: {
      network: objective.name ?? "objective",
      certificate,
      density: Array.from(eigenvalues, (eigenvalue, k) => ({ eigenvalue, weight: weights[k]! })),
    },
    gradients,
  }
}
