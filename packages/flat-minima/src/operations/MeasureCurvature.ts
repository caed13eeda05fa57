/** Trace and top eigenvalue alone, of networks and of losses that another thread evaluates. */
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Float64s } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { ProductCheck, WrongProducts } from "../certificate/ProductCheck.ts"
import { attachRemote, RemoteLoss } from "./CertifyOracle.ts"
import { curvatures, Measured } from "./Curvature.ts"
import { attach, LossOverflows, NetworkOnData, seedOf, Shape } from "./NetworkOnData.ts"

/** Maximum number of outputs for which an exact trace, with a sweep for each, takes less time than probes. */
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

const WithCheck = Schema.Struct({ ...Measured.fields, products: ProductCheck })

/** Trace and top eigenvalue of a loss that another thread evaluates. */
export const measureOracle = operation({
  id: "flat-minima/measure-oracle",
  input: RemoteLoss,
  output: WithCheck,
  failure: Schema.Union([InvalidInput, ArenaFull, LossOverflows, WrongProducts]),
  progress: WithCheck,
  run: (input, { kernels, report }) => {
    const { objective, products, seed } = attachRemote(input)
    const place = { objective, point: input.point }
    const measured = curvatures([() => place], {
      seed,
      kernels,
      report: (now) => report({ ...now, products }),
    })
    return { ...measured, products }
  },
})
