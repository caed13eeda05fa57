import { claim, Draw, Exact, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import { projectOff } from "../../perturbation/PerturbedStep.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { fixed } from "../support/Moves.ts"
import { derived } from "../support/Paper.ts"

/** `(x_1 + 3 x_2 + 5 x_3 + ...)^2 / 2`: at integers and powers of two all gradients are exact. */
const ridge = (dimension: number): Objective => ({
  name: "ridge",
  dimension,
  constants: {},
  valueAndGradient: (x, gradient) => {
    const sum = x.reduce((total, value, j) => total + (2 * j + 1) * value, 0)
    for (let j = 0; j < dimension; j++) gradient[j] = (2 * j + 1) * sum
    return (sum * sum) / 2
  },
})

type MoveOf = (objective: Objective, point: Float64Array, radius: number) => Float64Array

const first = (dimension: number) =>
  Float64Array.from({ length: dimension }, (_, j) => (j === 0 ? 1 : 0))

const stepped: MoveOf = (objective, point, radius) => {
  const method = smoothedPerturbation({
    learningRate: 0.1,
    plainLearningRate: 0.1,
    radius,
    gradientThreshold: Number.POSITIVE_INFINITY,
    draws: fixed(first(objective.dimension)),
  })
  const state = method.init(objective, point)
  method.step(state)
  return state.move
}

/** The projection of the perturbed gradient itself. */
const projectedWhole: MoveOf = (objective, point, radius) => {
  const gradient = new Float64Array(point.length)
  const perturbed = gradient.slice()
  objective.valueAndGradient(point, gradient)
  objective.valueAndGradient(point.with(0, point[0]! + radius), perturbed)
  projectOff(perturbed, gradient, Vector.norm(gradient), Vector.norm(perturbed))
  return perturbed
}

export const moveOfASteepGradient = claim<
  Readonly<Record<"bits" | "dimension" | "height", number>>,
  MoveOf
>({
  id: "flat-minima/move-of-a-steep-gradient",
  statement:
    "If the loss varies along one direction only, the move of the smoothed perturbation is 0 up to rounding errors of the size of the radius, and not of the gradient.",
  bounded: "the gradients are exact while they fit the 53 bits of a double",
  source: Kind.identity(derived("G is taken off before the projection")),
  instances: Draw.record({
    dimension: Draw.integer(2, 8),
    /** The radius is 2 to the power of minus this. */
    bits: Draw.integer(20, 30),
    height: Draw.integer(1, 1000),
  }),
  value: stepped,
  margin: ({ instance: { bits, dimension, height }, value: moveOf }) => {
    const radius = Elementary.powerOfTwo(-bits)
    const objective = ridge(dimension)
    const move = moveOf(objective, new Float64Array(dimension).fill(height), radius)
    return Margin.atMost(Vector.norm(move), 1e-14 * radius * dimension * dimension)
  },
  exactly: ({ instance: { bits, dimension, height }, value: moveOf }) => {
    const radius = Elementary.powerOfTwo(-bits)
    const move = moveOf(ridge(dimension), new Float64Array(dimension).fill(height), radius)
    const most = Exact.product(Exact.of("1e-14"), Exact.of(radius), Exact.of(dimension * dimension))
    return Exact.atMost(Exact.norm(Exact.vector(move)), most)
  },
  controls: [{ name: "the perturbed gradient projected, including G", value: projectedWhole }],
})
