/** Evaluation of losses at points other than the model's weights, which leaves the model unchanged. */
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Seeds from "@nonconvex/numerics/Seed"
import * as tf from "@tensorflow/tfjs"
import * as Pass from "./Pass.ts"
import * as Weights from "./Weights.ts"

/** A term of a sum; only one of them is in memory at a time. */
export interface Part {
  readonly share: number
  readonly loss: () => tf.Scalar
}

export interface Evaluation {
  /** Runs `body` with the weights at `x`, and restores the weights and all variables that the loss assigns. */
  readonly at: <A>(x: Float64Array, body: () => A) => A
  /** The sum of the shares of the parts at `x`; writes its gradient. */
  readonly valueAndGradient: (
    parts: Iterable<Part>,
    x: Float64Array,
    gradient: Float64Array,
  ) => number
}

/** Evaluations of losses that depend on `weights`, with the same random draws each time. Keeps no tensor. */
export const make = (
  name: string,
  weights: Weights.Weights,
  seed: Seed.Seed = Seeds.root("tensorflow").child("masks"),
): Evaluation => {
  const { dimension, variables } = weights
  const scratch = new Float64Array(dimension)

  const at: Evaluation["at"] = (x, body) => {
    Require.length(name, "x", x.length, dimension)
    Weights.requireAlive(name, variables)
    return Weights.borrowed(variables, () =>
      Weights.borrowed(Pass.others(variables), () => {
        Weights.write(weights, x)
        return Pass.seeded(seed, body)
      }),
    )
  }

  const add = ({ loss, share }: Part, gradient: Float64Array): number =>
    tf.tidy(() => {
      const { grads, value } = Pass.gradients(name, loss, weights)
      Weights.flatten(weights, (variable) => grads[variable.name], scratch)
      for (let j = 0; j < dimension; j++) gradient[j]! += share * scratch[j]!
      return share * value.dataSync()[0]!
    })

  return {
    at,
    valueAndGradient: (parts, x, gradient) => {
      Require.length(name, "gradient", gradient.length, dimension)
      return at(x, () => {
        gradient.fill(0)
        let value = 0
        for (const part of parts) value += add(part, gradient)
        return value
      })
    },
  }
}
