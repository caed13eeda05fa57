import { type SampleModel, squareLossModel } from "./SampleModel.ts"

/** `(x y - 1)^2 / 2` as a model of one sample: the limit map and the flatness are known in closed form, `Theory.factorisation`. */
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
    hessianVector: (point, v, out) => {
      const x = point[0]!
      const y = point[1]!
      const mixed = 2 * x * y - 1
      out[0] = y * y * v[0]! + mixed * v[1]!
      out[1] = mixed * v[0]! + x * x * v[1]!
    },
  })
