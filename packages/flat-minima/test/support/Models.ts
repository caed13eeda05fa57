/** Models of any size with known flatness. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { gradientMethod, nesterov, network } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { everyIndex } from "@nonconvex/problems/Samples"
import { type SampleModel, squareLossModel } from "../../src/problems/SampleModel.ts"

/** `size` independent scalar factorisations: p_i = x_i y_i - 1, flat where every x_i^2 = y_i^2. */
export const sideBySide = (size: number): SampleModel => {
  // as of rows that are almost all zeros, without the zeros
  const batchValueAndGradient: SampleModel["batchValueAndGradient"] = (
    indices,
    point,
    gradient,
  ) => {
    gradient.fill(0)
    let sum = 0
    for (const i of indices) {
      const [x, y] = [point[2 * i]!, point[2 * i + 1]!]
      const residual = x * y - 1
      const scale = (1 / indices.length) * residual
      gradient[2 * i]! += scale * y
      gradient[2 * i + 1]! += scale * x
      sum += 0.5 * residual * residual
    }
    return sum / indices.length
  }
  const every = everyIndex(size)
  return {
    ...squareLossModel({
      name: "factorisations side by side",
      dimension: 2 * size,
      size,
      predictionGradient: (i, x, gradient) => {
        gradient.fill(0)
        gradient[2 * i] = x[2 * i + 1]!
        gradient[2 * i + 1] = x[2 * i]!
        return x[2 * i]! * x[2 * i + 1]! - 1
      },
      hessianVector: (point, v, out) => {
        for (let i = 0; i < size; i++) {
          const [x, y] = [point[2 * i]!, point[2 * i + 1]!]
          const mixed = 2 * x * y - 1
          out[2 * i] = (y * y * v[2 * i]! + mixed * v[2 * i + 1]!) / size
          out[2 * i + 1] = (mixed * v[2 * i]! + x * x * v[2 * i + 1]!) / size
        }
      },
    }),
    batchValueAndGradient,
    valueAndGradient: (point, gradient) => batchValueAndGradient(every, point, gradient),
  }
}

/** The point with the same x_i and y_i for every i. */
export const everywhere = (size: number, x: number, y: number): Float64Array =>
  Float64Array.from({ length: 2 * size }, (_, k) => (k % 2 === 0 ? x : y))

/** A network with more parameters than samples, trained until it interpolates. */
export const interpolating = (activation: "relu" | "tanh") => {
  const seed = Seed.root(4)
  const normal = (label: string, length: number): Float64Array => {
    const out = new Float64Array(length)
    RandomStream.make(seed.child(label)).fillNormal(out)
    return out
  }
  const architecture = Architecture.make({ widths: [3, 40, 1], activation })
  const objective = network({
    features: normal("features", 15 * 3),
    dimension: 3,
    architecture,
    loss: Loss.squared(normal("targets", 15)),
  })
  const method = gradientMethod(nesterov({ learningRate: 0.02, momentum: 0.97 }))
  const state = method.init(objective, Initialisation.he(architecture, seed))
  for (let t = 0; t < 20_000; t++) method.step(state)
  return { objective, point: state.point }
}
