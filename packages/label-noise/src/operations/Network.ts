/** A two-layer network with its data, as plain data for jobs. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { Float64s, NotNegative } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as Activation from "../network/Activation.ts"
import { type TwoLayer, twoLayer } from "../network/TwoLayer.ts"

const Count = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 24 }))

export const NetworkInput = Schema.Struct({
  /** Activations that a job can name: `z^3 + slope z` and `sinh z`. */
  activation: Schema.Struct({
    name: Schema.Literals(["cubic", "sinh"]),
    /** Slope of `cubic`. */
    slope: NotNegative,
  }),
  /** n x d, row-major, one row per datum. */
  features: Float64s,
  /** d. */
  dimension: Count,
  /** n. */
  labels: Float64s,
  /** m. */
  neurons: Count,
  /** m x d. */
  theta: Float64s,
})
export type NetworkInput = typeof NetworkInput.Type

/** Misfit of a network to its labels. */
export const Fitting = Schema.Struct({
  step: Schema.Int,
  /** Largest `|f_i - y_i|`. */
  residual: Schema.Number,
})
export type Fitting = typeof Fitting.Type

/** The network of an input, on given kernels. Throws InvalidInput on ragged data and on numbers that are not finite. */
export const networkOf = (input: NetworkInput, kernels: Kernels): TwoLayer => {
  const { name, slope } = input.activation
  const activation = name === "cubic" ? Activation.cubic(slope) : Activation.sinh
  return twoLayer({ ...input, activation, kernels })
}
