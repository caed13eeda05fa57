import { Draw } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { quadraticModel, type QuadraticModel } from "./QuadraticModel.ts"

export const instances = Draw.record({
  dimension: Draw.integer(3, 7),
  size: Draw.integer(1, 3),
  radius: Draw.logarithmic(0.5, 0.05),
  seed: Draw.seed(),
})

export type Instance = Draw.Drawn<typeof instances>

export const expand = ({ dimension, seed, size }: Instance) => {
  const model = quadraticModel({
    dimension,
    size: Math.min(size, dimension - 1),
    seed: Seed.root(seed),
  })
  const stream = RandomStream.make(Seed.root(seed).child("off"))
  const point = model.minimum.map((x) => x + 0.3 * stream.normal())
  return { model, point, direction: stream.onSphere(dimension) }
}

export const gradientOf = (model: QuadraticModel, x: Float64Array): Float64Array => {
  const gradient = new Float64Array(x.length)
  model.valueAndGradient(x, gradient)
  return gradient
}

export const gradientOfSample = (
  model: QuadraticModel,
  i: number,
  x: Float64Array,
): Float64Array => {
  const gradient = new Float64Array(x.length)
  model.sampleValueAndGradient(i, x, gradient)
  return gradient
}

export const plus = (x: Float64Array, weight: number, y: Float64Array): Float64Array =>
  x.map((value, j) => value + weight * y[j]!)

/** The second difference of a gradient: g(x + r u) + g(x - r u) - 2 g(x). */
export const bent = (
  gradientAt: (x: Float64Array) => Float64Array,
  x: Float64Array,
  radius: number,
  u: Float64Array,
): Float64Array => {
  const [ahead, behind, here] = [plus(x, radius, u), plus(x, -radius, u), x].map(gradientAt)
  return ahead!.map((value, j) => value + behind![j]! - 2 * here![j]!)
}
