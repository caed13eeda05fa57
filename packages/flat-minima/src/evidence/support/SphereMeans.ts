import { type Claim, claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { exactMean } from "./ExactSmoothing.ts"
import { derived } from "./Paper.ts"
import { expandQuartic, type Quartic, quarticInstance } from "./Quartic.ts"

export type Design = (n: number, visit: (direction: Float64Array) => void) => void

/** |mean over the design - prediction|, relative to the size of the summands. */
const mismatch = (
  { gradientOfTrace, objective, point }: Quartic,
  radius: number,
  design: Design,
  factor: number,
): number => {
  const n = point.length
  const sum = new Float64Array(n)
  const gradient = new Float64Array(n)
  let count = 0
  let size = 0
  design(n, (direction) => {
    objective.valueAndGradient(
      point.map((value, j) => value + radius * direction[j]!),
      gradient,
    )
    Vector.axpy(1, gradient, sum)
    size += Vector.norm(gradient)
    count++
  })
  objective.valueAndGradient(point, gradient)
  const prediction = gradient.slice()
  Vector.axpy(factor, gradientOfTrace, prediction)
  Vector.scale(1 / count, sum)
  // a second difference of gradients: what counts is its error beside the gradients
  return Vector.distance(sum, prediction) / (size / count + Vector.norm(gradient))
}

export const smoothing = (
  name: string,
  design: Design,
  maximum: number,
  statement: string,
): Claim =>
  claim({
    id: `flat-minima/${name}`,
    statement,
    source: derived("the gradient of a smoothed loss"),
    instances: quarticInstance(maximum),
    value: Theory.smoothingFactor,
    margin: ({ instance, value: factor }) => {
      const { dimension, radius } = instance
      const error = mismatch(expandQuartic(instance), radius, design, factor(radius, dimension))
      return Margin.atMost(error, 1e-12)
    },
    exactly: ({ instance, value: factor }) => {
      const { dimension, radius } = instance
      const directions: Array<Float64Array> = []
      design(dimension, (direction) => directions.push(direction.slice()))
      return exactMean(expandQuartic(instance), radius, directions, factor(radius, dimension))
    },
    controls: [
      { name: "no trace", value: () => 0 },
      { name: "rho^2 / d", value: (rho, d) => (rho * rho) / d },
      { name: "rho^2 / 2", value: (rho) => (rho * rho) / 2 },
    ],
  })
