/** The curvature of a network layer by layer, as a job. */
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Schema } from "effect"
import { partCurvatures } from "../flatness/Parts.ts"
import { attach, LossOverflows, NetworkOnData, seedOf } from "./NetworkOnData.ts"
import { suffixes } from "./LayerProducts.ts"

/** Curvature of the block of the Hessian that belongs to one layer. */
export const LayerCurvature = Schema.Struct({
  parameters: Schema.Int,
  /** Its standard error is 0 if it is exact, that is for piecewise linear activations. */
  trace: Schema.Struct({ estimate: Schema.Number, standardError: Schema.Number }),
  topEigenvalue: Schema.Number,
  /** Some eigenvalue of the block is this close to `topEigenvalue`. */
  residual: Schema.Number,
  status: Schema.Literals(["converged", "budget"]),
})

/** Trace and top eigenvalue of each layer's block, in the order of the parameters. */
export const certifyLayers = operation({
  id: "flat-minima/certify-layers",
  input: NetworkOnData,
  output: Schema.Array(LayerCurvature),
  failure: Schema.Union([InvalidInput, ArenaFull, LossOverflows]),
  progress: Schema.Struct({ layers: Schema.Int, of: Schema.Int }),
  run: (input, { kernels, report }) => {
    const objective = attach(input, kernels)
    const { parts } = objective.architecture
    const { parameters } = input
    const suffixOf = suffixes(input, kernels)
    const exact = objective.exactTrace?.(parameters).layers
    const found = partCurvatures(objective, parameters, parts, {
      seed: seedOf(input).child("layers"),
      kernels,
      operatorOf: (p) => suffixOf(parts[p]!),
      ...(exact !== undefined && { traces: exact }),
      onPart: (layers) => report({ layers, of: parts.length }),
    })
    return found.map((curvature, k) => ({
      ...curvature,
      parameters: parts[k]!.end - parts[k]!.begin,
    }))
  },
})
