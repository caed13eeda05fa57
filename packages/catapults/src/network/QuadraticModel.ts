/**
 * Models that are quadratic or linear in their parameters: the Taylor expansions of a network.
 *
 * Source: Zhu, Liu, Radhakrishnan, Belkin 2022 (as printed). For a two-layer ReLU network the second-order expansion is the
 * network with frozen gates. It costs as much as the network and stores no Hessian (derived here).
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Model } from "./Model.ts"
import type { NtkArchitecture } from "./NtkArchitecture.ts"
import { type NtkNetwork, ntkNetwork } from "./NtkNetwork.ts"

/**
 * The two-layer ReLU network with the gates frozen at `at`. This is its quadratic model there (Zhu et al. 2022, as printed; the
 * equality is derived here). Throws InvalidInput on another depth or activation, and on biases.
 */
export const frozenGates = (options: {
  readonly architecture: NtkArchitecture
  /** One row per sample. */
  readonly features: Float64Array
  /** Parameters at which the gates are frozen. */
  readonly at: Float64Array
  /** Default `Kernels.standard()`. */
  readonly kernels?: Kernels.Kernels
}): NtkNetwork => {
  const { architecture, at, ...rest } = options
  if (architecture.depth !== 2 || architecture.activation !== "relu" || architecture.bias) {
    invalid("frozenGates", "the network must have two layers, ReLU, and no biases", {
      depth: architecture.depth,
      biases: architecture.bias ? 1 : 0,
    })
  }
  return ntkNetwork({ architecture, gatesAt: at, ...rest })
}

/**
 * Model `f_i(w) = f_i + J_i w + w' H_i w / 2` of the displacement w; `hessians` are symmetric matrices, concatenated.
 * Without `hessians` the model is linear.
 */
export interface Taylor {
  readonly predictions: Float64Array
  /** Row-major, one row per sample. */
  readonly jacobian: Float64Array
  readonly hessians?: Float64Array
  /** Kernels of everything computed from the model; default `Kernels.standard()`. */
  readonly kernels?: Kernels.Kernels | undefined
}

/** The model of an expansion, with its terms written out: small, and the reference for all others. Throws InvalidInput. */
export const taylorModel = ({ hessians, jacobian, kernels, predictions }: Taylor): Model => {
  const operation = "taylorModel"
  const size = predictions.length
  const dimension = jacobian.length / size
  Require.allFinite(operation, "predictions", predictions)
  Require.allFinite(operation, "jacobian", jacobian)
  Require.length(operation, "jacobian", jacobian.length, Math.floor(dimension) * size)
  if (hessians !== undefined) {
    Require.allFinite(operation, "hessians", hessians)
    Require.length(operation, "hessians", hessians.length, size * dimension * dimension)
  }
  const every = Uint32Array.from({ length: size }, (_, i) => i)
  let rows: Uint32Array = every
  const slopes = new Float64Array(size * dimension)
  const slope = (k: number) => slopes.subarray(k * dimension, (k + 1) * dimension)
  return {
    name: hessians === undefined ? "linear model" : "quadratic model",
    size,
    dimension,
    ...(kernels === undefined ? {} : { kernels }),
    predict: (w, out, indices) => {
      rows = indices ?? every
      Require.array(operation, "parameters", w, dimension)
      Require.length(operation, "out", out.length, rows.length)
      for (let k = 0; k < rows.length; k++) {
        const i = rows[k]!
        const g = slope(k)
        let value = predictions[i]!
        for (let a = 0; a < dimension; a++) {
          let bend = 0
          const at = (i * dimension + a) * dimension
          if (hessians !== undefined) {
            for (let b = 0; b < dimension; b++) bend += hessians[at + b]! * w[b]!
          }
          const linear = jacobian[i * dimension + a]!
          value += (linear + bend / 2) * w[a]!
          g[a] = linear + bend
        }
        out[k] = value
      }
    },
    addPullback: (alpha, q, target) => {
      for (let k = 0; k < rows.length; k++) Vector.axpy(alpha * q[k]!, slope(k), target)
    },
    pushforward: (v, out) => {
      for (let k = 0; k < rows.length; k++) out[k] = Vector.dot(slope(k), v)
    },
    tangentKernel: (out) => {
      const n = rows.length
      Require.length(operation, "out", out.length, n * n)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) out[i * n + j] = Vector.dot(slope(i), slope(j))
      }
    },
  }
}
