import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Float64s } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { curvatures, Measured } from "./Curvature.ts"
import { attach, LossOverflows, NetworkOnData, seedOf, Shape } from "./NetworkOnData.ts"

/** Most outputs for which an exact trace, with a sweep for each, takes less than probes. */
const mostOutputs = 100

/** Trace and top eigenvalue of a network, and of others of its dimension on the same data, such as later checkpoints. */
export const measureNetwork = operation({
  id: "flat-minima/measure-network",
  input: Schema.Struct({
    ...NetworkOnData.fields,
    later: Schema.optionalKey(Schema.Array(Schema.Struct({ shape: Shape, parameters: Float64s }))),
  }),
  output: Measured,
  failure: Schema.Union([InvalidInput, ArenaFull, LossOverflows]),
  progress: Measured,
  run: ({ later = [], ...first }, { kernels, report }) => {
    const places = [first, ...later].map(({ parameters, shape }) => () => {
      const { gaussNewton, hessianTrace, ...rest } = attach(
        { ...first, parameters, shape },
        kernels,
      )
      const sweeps = { ...(hessianTrace !== undefined && { hessianTrace }), gaussNewton }
      const isFew = rest.architecture.outputs <= mostOutputs
      return { objective: { ...rest, ...(isFew && sweeps) }, point: parameters }
    })
    return curvatures(places, { seed: seedOf(first), kernels, report })
  },
})
