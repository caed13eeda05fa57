import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as EigenvalueGaps from "../../eigenvalues/EigenvalueGaps.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { recalled } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const edges = Draw.record({
  dimension: Draw.integer(2, 40),
  beta: Draw.oneOf(1, 2),
  seed: Draw.seed(),
})

type Edge = Draw.Drawn<typeof edges>

/** The largest eigenvalue of `n` noises, against the limit for a part of the variance. */
export const edgeMargin = (
  { beta, dimension, seed }: Edge,
  { kernels }: Given,
  part: number,
  n = 500,
): Margin.Comparison => {
  const v = NoiseEnsemble.ensembleVariance(beta, 1)
  const limit =
    NoiseEnsemble.noiseEdge(part * v, dimension) +
    6.5 * part * NoiseEnsemble.isometricScale(beta, v)
  const spectra = EigenvalueGaps.sampleSpectra(
    n,
    dimension,
    beta,
    streamOf(seed, "spectra"),
    kernels,
  )
  let largest = 0
  for (let at = 0; at < spectra.length; at += dimension) largest = Math.max(largest, spectra[at]!)
  return Margin.atMost(largest, limit)
}

/** Margin of "the norm bound of real noise leaves both tails together the requested failure probability". */
const normMargin = ({ dimension }: Edge, part: number): Margin.Comparison => {
  const v = NoiseEnsemble.ensembleVariance(1, 1)
  const margins = [0.5, 0.05, 1e-6].flatMap((failure) => {
    const above =
      NoiseEnsemble.noiseNorm(v, dimension, failure) - NoiseEnsemble.noiseEdge(v, dimension)
    const deviations = above / NoiseEnsemble.isometricScale(1, part * v)
    const ends = 2 * Elementary.exp(-Elementary.square(deviations) / 2)
    return [Margin.atLeast(above, 0), Margin.equal(ends, failure, { relative: 1e-9 })]
  })
  return Margin.all(...margins)
}

export const largestEigenvalueOfTheNoise = claim({
  id: "dp-lowrank/largest-eigenvalue-of-the-noise",
  statement:
    "lambda_max exceeds 2 sqrt(v d) + t with probability at most exp(-t^2 / (2 s_F^2)); at t = 6.5 s_F this never occurred. At the bound on the norm of real noise, both ends together have the requested failure probability.",
  inFloatingPoint: "statistical",
  source: recalled("Gaussian concentration", "norm of Gaussian matrices"),
  instances: edges,
  value: 1,
  margin: ({ instance, kernels, value: part }) =>
    Margin.all(edgeMargin(instance, { kernels }, part), normMargin(instance, part)),
  controls: [
    { name: "a quarter of the variance", value: 0.25 },
    {
      name: "a quarter of the variance of what is drawn",
      margin: ({ instance, kernels }) => edgeMargin(instance, { kernels }, 0.25),
    },
  ],
})
