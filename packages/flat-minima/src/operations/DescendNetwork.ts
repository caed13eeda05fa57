/** Descent from a network on the user's own data to the minimum below it. */
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Count, Float64s, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { descend as goDown, End } from "../minima/NewtonDescent.ts"
import { NoMinimumNearby } from "../minima/Settle.ts"
import { attach, LossOverflows, NetworkOnData, seedOf } from "./NetworkOnData.ts"

const progress = { gradients: Schema.Int, gradientNorm: Schema.Number, loss: Schema.Number }

/**
 * Parameters at the minimum below the network, or at kinks that end the descent; see `descend`. Throws NoMinimumNearby
 * otherwise.
 */
export const descend = operation({
  id: "flat-minima/descend",
  input: Schema.Struct({
    ...NetworkOnData.fields,
    /** Approximate budget of gradients; a Hessian product counts as two. */
    gradients: Count,
    /** Gradient norm of a minimum. */
    tolerance: Positive,
    /** At kinks, the first round that lowers the loss by less than this is the last. */
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
            : "the loss overflowed during the descent",
      })
    }
    return { ...ended, parameters: point }
  },
})
