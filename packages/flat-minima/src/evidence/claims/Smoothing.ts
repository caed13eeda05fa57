/** What the mean of the gradient over a small sphere is. */
import { claim, type Claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { designs, dimensions } from "../support/Designs.ts"
import { exactMean, exactRemainder } from "../support/ExactSmoothing.ts"
import { derived } from "../support/Paper.ts"
import { expandQuartic, type Quartic, quarticInstance } from "../support/Quartic.ts"

type Design = (n: number, visit: (direction: Float64Array) => void) => void

/** plus and minus the unit vectors */
const crossPolytope: Design = (n, visit) => {
  const e = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (const sign of [1, -1]) {
      e[i] = sign
      visit(e)
    }
    e[i] = 0
  }
}

/** the corners of the hypercube that lie on the sphere */
const hypercube: Design = (n, visit) => {
  const e = new Float64Array(n)
  for (let corner = 0; corner < Elementary.pow(2, n); corner++) {
    for (let i = 0; i < n; i++) e[i] = ((corner >> i) & 1 ? 1 : -1) / Math.sqrt(n)
    visit(e)
  }
}

/** |mean over the design - prediction| relative to the size of the terms that were added. */
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

const smoothing = (name: string, design: Design, maximum: number, statement: string): Claim =>
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

export const smoothingCrossPolytope = smoothing(
  "smoothing-cross-polytope",
  crossPolytope,
  6,
  "The mean of grad f(x + rho g) over plus and minus the unit vectors is grad f + rho^2 / (2 d) grad tr Hess f for every quartic f.",
)

export const smoothingHypercube = smoothing(
  "smoothing-hypercube",
  hypercube,
  8,
  "The same mean over the corners of the hypercube on the unit sphere has the same value: both are spherical 3-designs.",
)

const degree6 = Draw.record({
  dimension: Draw.oneOf(...dimensions),
  radius: Draw.linear(0.5, 2),
  seed: Draw.seed(),
})
type Degree6 = Draw.Drawn<typeof degree6>
/** a, and the height `a . x`. */
const sixthPower = ({ dimension, seed }: Degree6) => {
  const stream = RandomStream.make(Seed.root(seed))
  const a = stream.normals(dimension)
  return { a, height: Vector.dot(a, stream.normals(dimension)) }
}

type Factors = (rho: number, d: number) => readonly [trace: number, remainder: number]

export const smoothingRemainder = claim<Degree6, Factors>({
  id: "flat-minima/smoothing-remainder",
  statement:
    "The next term of that mean is rho^4 / (8 d (d + 2)) times the gradient of the squared Laplacian, and with it the mean is exact for polynomials of degree 6.",
  source: derived("the gradient of a smoothed loss"),
  instances: degree6,
  value: (rho, d) => [Theory.smoothingFactor(rho, d), Theory.smoothingRemainder(rho, d)],
  /** Of `(a . x)^6`, whose gradient and those of its Laplacians are along a. */
  margin: ({ instance, value: factors }) => {
    const { dimension, radius } = instance
    const { a, height } = sixthPower(instance)
    const design = designs[dimension]
    const mean =
      design.reduce(
        (sum, g) => sum + 6 * Elementary.pow(height + radius * Vector.dot(a, g), 5),
        0,
      ) / design.length
    const square = Vector.dot(a, a)
    const [trace, remainder] = factors(radius, dimension)
    const terms = [
      6 * Elementary.pow(height, 5),
      trace * 120 * square * Elementary.pow(height, 3),
      remainder * 720 * (square * square) * height,
    ]
    const size = 6 * Elementary.pow(Math.abs(height) + radius * Math.sqrt(square), 5)
    const sum = terms.reduce((total, term) => total + term, 0)
    return Margin.equal(mean, sum, { absolute: 1e-12 * size })
  },
  exactly: ({ instance, value: factors }) => {
    const { dimension, radius } = instance
    const { a, height } = sixthPower(instance)
    return exactRemainder(a, height, radius, designs[dimension], factors(radius, dimension))
  },
  controls: [
    { name: "without it", value: (rho, d) => [Theory.smoothingFactor(rho, d), 0] },
    {
      name: "rho^4 / (8 d^2)",
      value: (rho, d) => [Theory.smoothingFactor(rho, d), Elementary.pow(rho, 4) / (8 * d * d)],
    },
  ],
})
