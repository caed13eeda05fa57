/** Descent from a network on data of the user's own to the minimum below it. */
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Count, Float64s, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { descend as goDown, End } from "../minima/NewtonDescent.ts"
import { NoMinimumNearby } from "../minima/Settle.ts"
import { attach, LossOverflows, NetworkOnData, seedOf } from "./NetworkOnData.ts"

const progress = { gradients: Schema.Int, gradientNorm: Schema.Number, loss: Schema.Number }

/** The parameters at the minimum below the network, or at kinks that end the way down; see `descend`. Throws NoMinimumNearby elsewhere. */
export const descend = operation({
  id: "flat-minima/descend",
  input: Schema.Struct({
    ...NetworkOnData.fields,
    /** About so many are taken at the most; a product with the Hessian counts as two. */
    gradients: Count,
    /** The gradient norm at which the minimum is reached. */
    tolerance: Positive,
    /** At kinks, a round that lowers the loss by less than this is the last. */
    negligible: Schema.optionalKey(Positive),
  }),
  output: Schema.Struct({ ...progress, end: End, parameters: Float64s }),
  failure: Schema.Union([InvalidInput, ArenaFull, LossOverflows, NoMinimumNearby]),
  progress: Schema.Struct(progress),
  run: (input, { kernels, report }) => {
    const { point, ...ended } = goDown(attach(input, kernels), input.parameters, {
      gradients: input.gradients,
      tolerance: input.tolerance,
      ...(input.negligible !== undefined && { negligible: input.negligible }),
      seed: seedOf(input).child("descent"),
      kernels,
      onStep: report,
    })
    if (ended.end === "budget" || ended.end === "not finite") {
      throw new NoMinimumNearby({
        operation: "descend",
        gradientNorm: ended.gradientNorm,
        tolerance: input.tolerance,
        evaluations: input.gradients,
        advice:
          ended.end === "budget"
            ? `the loss fell to ${ended.loss} and was still falling: allow more gradients, or a larger gradient norm`
            : "the loss overflowed on the way",
      })
    }
    return { ...ended, parameters: point }
  },
})
