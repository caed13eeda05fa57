import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Schema } from "effect"
import { ProductCheck, WrongProducts } from "../certificate/ProductCheck.ts"
import { attachRemote, RemoteLoss } from "./CertifyOracle.ts"
import { curvatures, Measured } from "./Curvature.ts"
import { LossOverflows } from "./NetworkOnData.ts"

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
