/** Certificate of a network on the user's own data. */
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { HessianMismatch } from "../certificate/HessianCheck.ts"
import { CertifiedNetwork, certified, Counted } from "./CertifiedNetwork.ts"
import { attach, LossOverflows, NetworkOnData, seedOf } from "./NetworkOnData.ts"

/** The certificate of a network at its parameters. */
export const certifyNetwork = operation({
  id: "flat-minima/certify-network",
  input: Schema.Struct({
    ...NetworkOnData.fields,
    lossTolerance: Positive,
    residualTolerance: Schema.optionalKey(Positive),
  }),
  output: CertifiedNetwork,
  failure: Schema.Union([InvalidInput, ArenaFull, LossOverflows, HessianMismatch]),
  progress: Counted,
  run: (input, { kernels, report }) => {
    const { lossTolerance, parameters, residualTolerance } = input
    const { found } = certified(attach(input, kernels), parameters, {
      lossTolerance,
      ...(residualTolerance === undefined ? {} : { residualTolerance }),
      seed: seedOf(input),
      kernels,
      report,
    })
    return found
  },
})
