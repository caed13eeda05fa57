/** Agreement of the flat limit with the minimiser of the finite-step regulariser. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { Geometry } from "../../geometry/Geometry.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import * as Activation from "../../network/Activation.ts"
import { twoLayerThrough } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"

/** Two data of norm 1 and two cubic neurons that differ on them in opposite directions. */
const pointsWith = (correlation: readonly [number, number], product: readonly [number, number]) =>
  Draw.record({
    /** Inner product of the data. */
    correlation: Draw.linear(...correlation),
    /** Pre-activations midway between the neurons. */
    height: Draw.linear(1, 2),
    otherHeight: Draw.linear(1, 2),
    /** Distance of the neurons from their mean. */
    distance: Draw.logarithmic(0.1, 0.01),
    /** Learning rate times the largest eigenvalue of the Hessian at the sharper of the two points; below 2. */
    product: Draw.linear(...product),
  })

/**
 * On data that are not orthogonal the statement is false, as the control shows. On correlated data, neurons that move apart in
 * opposite directions lower the largest eigenvalue and raise the others. The regulariser gives the largest more weight as eta
 * lambda approaches 2. To second order, for two cubic neurons at equal heights, this requires eta lambda > 1, so a small step is
 * a real condition.
 */
export const finiteStepOnOrthogonalData = claim({
  id: "label-noise/finite-step-on-orthogonal-data",
  statement:
    "On orthogonal data the flat limit minimises -sum log(1 - eta lambda_i / 2), the regulariser of a finite step, for every stable learning rate.",
  inFloatingPoint: "functions",
  extent: { dimension: 2, neurons: 2, samples: 2 },
  source: derived("every eigenvalue is least at the flat limit"),
  instances: pointsWith([0, 0], [0.01, 1.99]),
  margin: ({ instance, kernels }) => {
    const { correlation, distance, height, otherHeight, product } = instance
    const sine = Math.sqrt(1 - correlation * correlation)
    const neuron = (first: number, second: number) => [first, (second - correlation * first) / sine]
    const theta = Float64Array.from([
      ...neuron(height + distance, otherHeight - distance),
      ...neuron(height - distance, otherHeight + distance),
    ])
    const network = twoLayerThrough(theta, {
      activation: Activation.cubic(1),
      features: Float64Array.of(1, 0, correlation, sine),
      dimension: 2,
      neurons: 2,
      kernels,
    })
    const eigenvaluesAt = (point: Float64Array) =>
      Array.from(
        new Geometry(network).atParameters(point).tangentEigenvalues(),
        (lambda) => lambda / network.size,
      )
    const here = eigenvaluesAt(theta)
    const flat = eigenvaluesAt(flatLimit(network, theta).theta)
    const learningRate = product / Math.max(...here, ...flat)
    const regulariser = (eigenvalues: ReadonlyArray<number>) =>
      Theory.finiteStepRegulariser(learningRate, eigenvalues)
    return Margin.atLeast(regulariser(here), regulariser(flat), 1e-10)
  },
  controls: [
    { name: "correlated data and a large step", instances: pointsWith([0.99, 0.9], [1.9, 1.99]) },
  ],
})
