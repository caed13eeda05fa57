import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { agop } from "../../features/Agop.ts"
import { descentOf } from "../../descent/Descent.ts"
import type { Model } from "../../network/Model.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { type OutputLoss, sumSquared } from "../../network/OutputLoss.ts"
import { frozenGates } from "../../network/QuadraticModel.ts"
import { follow, type Subject } from "./Subject.ts"

/** The loss of a model on all its samples, as an objective in the parameters. */
const objectiveOf = (model: Model, loss: OutputLoss): Objective => {
  const predictions = new Float64Array(model.size)
  const adjoint = new Float64Array(model.size)
  return {
    name: `${loss.name} of ${model.name}`,
    constants: {},
    dimension: model.dimension,
    valueAndGradient: (parameters, gradient) => {
      model.predict(parameters, predictions)
      const value = loss.evaluate(predictions, adjoint)
      gradient.fill(0)
      model.addPullback(1, adjoint, gradient)
      return value
    },
  }
}

/** Any method over an objective as a subject of the laws of this package, which are about gradient descent. */
export const byMethod =
  (descent: (learningRate: number) => Method): Subject =>
  ({ frozen = false, ...problem }) => {
    const { start, step, steps, targets } = problem
    const model = frozen ? frozenGates({ ...problem, at: start }) : ntkNetwork(problem)
    const loss = sumSquared(targets)
    const method = descent(step)
    const state = method.init(objectiveOf(model, loss), start)
    for (let t = 0; t < steps; t++) method.step(state)
    // what the network is where the method ended is ours to say
    const end = follow(descentOf(model, loss, state.point), 0, step)
    return { ...end, agop: agop(model, end.parameters) }
  }
