import type { Model } from "../../src/network/Model.ts"
import { taylorModel } from "../../src/network/QuadraticModel.ts"

/**
 * The linear model of a model at a point: its predictions and Jacobian there, in the displacement. The Jacobian is written out.
 */
export const linearised = (model: Model, at: Float64Array): Model => {
  const predictions = new Float64Array(model.size)
  model.predict(at, predictions)
  const jacobian = new Float64Array(model.size * model.dimension)
  const one = new Float64Array(model.size)
  for (let i = 0; i < model.size; i++) {
    one.fill(0)
    one[i] = 1
    model.addPullback(1, one, jacobian.subarray(i * model.dimension, (i + 1) * model.dimension))
  }
  return taylorModel({ predictions, jacobian, kernels: model.kernels })
}
