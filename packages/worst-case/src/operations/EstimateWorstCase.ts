/** Worst case of a method with fixed steps, with a proof on request. */
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import * as Schema from "effect/Schema"
import { Certificate, certify } from "../certificate/Certificate.ts"
import { worstCase } from "../estimation/WorstCase.ts"
import { WorstCaseFailure } from "../method/Failures.ts"
import { Method } from "../method/Method.ts"

/** Steps between progress reports. */
const every = 20

const WorstCaseInput = Schema.Struct({ method: Method, isProved: Schema.Boolean })

export const EstimatedWorstCase = Schema.Struct({
  measure: Schema.String,
  /** Dual bound in floating point. */
  bound: Schema.Number,
  /** Value of the worst instance found. */
  found: Schema.Number,
  error: Schema.Number,
  kind: Schema.Literals(["exact", "upper bound"]),
  order: Schema.Int,
  multipliers: Schema.Array(Schema.Struct({ condition: Schema.String, multiplier: Schema.Number })),
  certificate: Schema.optionalKey(Certificate),
})
export type EstimatedWorstCase = typeof EstimatedWorstCase.Type

/**
 * Estimates the worst case of a method, and proves the bound if `isProved`; see `worstCase` and `certify`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Methods } from "@nonconvex/worst-case"
 * import { estimateWorstCase } from "@nonconvex/worst-case/operations"
 *
 * const smooth = { class: "smooth-convex", L: 1 } as const
 * const method = Methods.gradientDescent({ steps: 1, rate: 1, class: smooth })
 * estimateWorstCase({ method, isProved: true }).certificate?.bound // => "1/6"
 * ```
 */
export const estimateWorstCase = operation({
  id: "worst-case/estimate",
  input: WorstCaseInput,
  output: EstimatedWorstCase,
  failure: Schema.Union([...WorstCaseFailure.members, ArenaFull]),
  progress: Schema.Struct({ steps: Schema.Int }),
  run: ({ isProved, method }, { kernels, report }): EstimatedWorstCase => {
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
