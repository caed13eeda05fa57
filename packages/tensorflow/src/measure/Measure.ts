/** The measures of the other packages on a model of TensorFlow.js, with settings that float32 can meet. */
import { type Certificate, certify, type CertifyOptions } from "@nonconvex/flat-minima"
import * as OptimSam from "@nonconvex/optim-sam"
import type { TensorObjective } from "../objective/TensorObjective.ts"

/**
 * Flat-minima's certificate of the weights as they are: verdict, trace, top eigenvalue, rank and residual, each with its error bar.
 *
 * Up to `dense` weights (default 1000) the whole spectrum is computed. Float32 blurs its lower end to about 1e-5 of the
 * top, so that eigenvalues below `zero` (default 1e-3) of it are taken for zero where a `gap` (default 30) parts them from the rest; use
 * an objective with double gradients where its loss has them. Throws what `certify` does.
 */
export const certifyModel = (objective: TensorObjective, options: CertifyOptions): Certificate =>
  certify(objective, objective.read(), { gap: 30, zero: 1e-3, ...options })

/**
 * What the top eigenvalue at the weights as they are says about a learning rate and a radius; see `advise` of optim-sam. Its
 * residual is what 60 products give: float32 has none of 1e-6.
 */
export const adviseRadius = (
  objective: TensorObjective,
  options: Parameters<typeof OptimSam.advise>[2],
): OptimSam.Advice => OptimSam.advise(objective, objective.read(), { maxProducts: 60, ...options })

/** SAM and USAM from the weights as they are, which do not change; see `diagnoseNormalisation` of optim-sam. */
export const diagnoseNormalisation = (
  objective: TensorObjective,
  options: Parameters<typeof OptimSam.diagnoseNormalisation>[2],
): OptimSam.Diagnosis => OptimSam.diagnoseNormalisation(objective, objective.read(), options)
