import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import { type SampleModel, squareLossModel } from "./SampleModel.ts"

/** `(x y - 1)^2 / 2` as a model of one sample; `Theory.factorisation` has its limit map and flatness in closed form. */
export const scalarModel = (): SampleModel =>
  squareLossModel({
    name: "scalar factorisation",
    dimension: 2,
    size: 1,
    predictionGradient: (_, x, gradient) => {
      gradient[0] = x[1]!
      gradient[1] = x[0]!
      return x[0]! * x[1]! - 1
    },
    hessianVector: scalarFactorisation(1).hessianVector,
  })
