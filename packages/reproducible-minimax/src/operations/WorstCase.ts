/** The operation `worst-case`: a method with fixed steps in, how badly it can do out, with a proof where one is asked for, as a job. */
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { Certificate, certify, Method, worstCase, WorstCaseFailure } from "@nonconvex/worst-case"
import * as Schema from "effect/Schema"

/** Steps between reports. */
const every = 20

const WorstCaseInput = Schema.Struct({ method: Method, isProved: Schema.Boolean })

const Estimated = Schema.Struct({
  measure: Schema.String,
  /** In doubles: the dual's. */
  bound: Schema.Number,
  /** What the worst instance that was found comes to. */
  found: Schema.Number,
  error: Schema.Number,
  kind: Schema.Literals(["exact", "upper bound"]),
  order: Schema.Int,
  multipliers: Schema.Array(Schema.Struct({ condition: Schema.String, multiplier: Schema.Number })),
  certificate: Schema.optionalKey(Certificate),
})
type Estimated = typeof Estimated.Type

/** The worst case of a method: see `worstCase` and `certify` of @nonconvex/worst-case. */
export const estimateWorstCase = operation({
  id: "reproducible-minimax/worst-case",
  input: WorstCaseInput,
  output: Estimated,
  failure: Schema.Union([...WorstCaseFailure.members, ArenaFull]),
  progress: Schema.Struct({ steps: Schema.Int }),
  run: ({ isProved, method }, { kernels, report }): Estimated => {
    let steps = 0
    const onStep = () => {
      if (++steps % every === 0) report({ steps })
    }
    const { bound, error, found, kind, measure, multipliers, vectors } = worstCase(method, {
      kernels,
      onStep,
    })
    const order = vectors.length
    const estimated = { measure, bound, found, error, kind, order, multipliers }
    return isProved
      ? { ...estimated, certificate: certify(method, { kernels, onStep }) }
      : estimated
  },
})
