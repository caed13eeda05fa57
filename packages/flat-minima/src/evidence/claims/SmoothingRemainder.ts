import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { designs, dimensions } from "../support/Designs.ts"
import { exactRemainder } from "../support/ExactSmoothing.ts"
import { derived } from "../support/Paper.ts"

const degree6 = Draw.record({
  dimension: Draw.oneOf(...dimensions),
  radius: Draw.linear(0.5, 2),
  seed: Draw.seed(),
})

type Degree6 = Draw.Drawn<typeof degree6>

/** The vector a and the inner product `a . x`. */
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
  bounded: "the means are exact sums over designs, which are known for dimensions up to 4",
  source: derived("the gradient of a smoothed loss"),
  instances: degree6,
  value: (rho, d) => [Theory.smoothingFactor(rho, d), Theory.smoothingRemainder(rho, d)],
  /** Margin for `(a . x)^6`: its gradient and those of its Laplacians are parallel to a. */
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
