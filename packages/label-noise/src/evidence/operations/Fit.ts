import { operation } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Schema } from "effect"
import { warmStart } from "../../descent/WarmStart.ts"
import { NotInterpolating } from "../../network/Failures.ts"
import { NetworkInput, networkOf } from "./Network.ts"

/** The parameters, m x d, of a network that fits its labels: see `warmStart`. */
export const fit = operation({
  id: "label-noise/fit",
  input: NetworkInput,
  output: Schema.instanceOf(Float64Array<ArrayBufferLike>),
  failure: Schema.Union([InvalidInput, NotInterpolating]),
  progress: Schema.Never,
  run: (input, given) => warmStart(networkOf(input, given), input.theta),
})
