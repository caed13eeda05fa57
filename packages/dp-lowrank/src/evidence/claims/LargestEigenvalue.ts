/** The largest eigenvalue of the noise never passes its tail bound. */
import { Draw, type Given, Margin, parametrised } from "@nonconvex/evidence"
import * as Gaps from "../../eigenvalues/Gaps.ts"
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
): number => {
  const v = NoiseEnsemble.ensembleVariance(beta, 1)
  const limit =
    NoiseEnsemble.noiseEdge(part * v, dimension) +
    6.5 * part * NoiseEnsemble.isometricScale(beta, v)
  const spectra = Gaps.sampleSpectra(n, dimension, beta, streamOf(seed, "spectra"), kernels)
  let largest = 0
  for (let at = 0; at < spectra.length; at += dimension) largest = Math.max(largest, spectra[at]!)
  return Margin.atMost(largest, limit)
}

export const edge = parametrised({
  id: "dp-lowrank/largest-eigenvalue-of-the-noise",
  statement:
    "lambda_max exceeds 2 sqrt(v d) + t with probability at most exp(-t^2 / 2 s_F^2): never seen at t = 6.5 s_F.",
  source: recalled("Gaussian concentration", "norm of Gaussian matrices"),
  instances: edges,
  margin: edgeMargin,
  holds: 1,
  fails: [["a quarter of the variance", 0.25]],
})
