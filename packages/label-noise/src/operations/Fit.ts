import { Float64s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Schema } from "effect"
import { interpolate } from "../descent/Interpolation.ts"
import { NotInterpolating } from "../network/Failures.ts"
import { Fitting, NetworkInput, networkOf } from "./Network.ts"

/** Parameters, m x d, of a network that fits its labels; see `interpolate`. */
export const fit = operation({
  id: "label-noise/fit",
  input: NetworkInput,
  output: Float64s,
  failure: Schema.Union([InvalidInput, NotInterpolating]),
  progress: Fitting,
  run: (input, { kernels, report }) =>
    interpolate(networkOf(input, kernels), input.theta, {
      observe: (step, residual) => report({ step, residual }),
    }),
})
