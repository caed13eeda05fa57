import { claim, Draw, Exact, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { momentum } from "@nonconvex/problems/Momentum"
import * as Theory from "../../theory/index.ts"
import { normals } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"

const quadratics = Draw.record({
  dimension: Draw.integer(1, 10),
  rate: Draw.linear(0.1, 2),
  momentum: Draw.oneOf(0, 0.5, 0.9),
  seed: Draw.seed(),
})

type Quadratic = Draw.Drawn<typeof quadratics>

/** A symmetric matrix, row-major, and a start. */
const quadraticOf = ({ dimension: d, seed }: Quadratic) => {
  const root = Seed.root(seed)
  const matrix = normals(root.child("matrix"), d * d)
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) matrix[i * d + j] = matrix[j * d + i]!
  return { matrix, point: normals(root.child("point"), d) }
}

/** Formula, and whether it contains beta and beta g_(t-1) . g_t. */
interface Sharpness {
  readonly of: typeof Theory.directionalSharpness
  readonly hasMomentum: boolean
  readonly hasBefore: boolean
}

type ExactVector = ReadonlyArray<Exact.Value>

const exactDot = (a: ExactVector, b: ExactVector): Exact.Value =>
  Exact.sum(...a.map((x, i) => Exact.multiply(x, b[i]!)))

/** Formula for the second of three gradients, and the curvature along it times the rate. */
const exactSharpness = (instance: Quadratic, hasMomentum: boolean, hasBefore: boolean) => {
  const { matrix, point } = quadraticOf(instance)
  const d = instance.dimension
  const [beta, rate] = [Exact.of(instance.momentum), Exact.of(instance.rate)]
  const rows = Array.from({ length: d }, (_, i) =>
    Array.from(matrix.subarray(i * d, (i + 1) * d), Exact.of),
  )
  const multiply = (v: ExactVector) => rows.map((row) => exactDot(row, v))
  let x: ExactVector = Array.from(point, Exact.of)
  let velocity: ExactVector = x.map(() => Exact.zero)
  const gradients = Array.from({ length: 3 }, () => {
    const gradient = multiply(x)
    velocity = velocity.map((v, i) => Exact.add(Exact.multiply(beta, v), gradient[i]!))
    x = x.map((value, i) => Exact.subtract(value, Exact.multiply(rate, velocity[i]!)))
    return gradient
  })
  const [before, g, next] = gradients as ReadonlyArray<ExactVector> as readonly [
    ExactVector,
    ExactVector,
    ExactVector,
  ]
  const squared = exactDot(g, g)
  const ahead = exactDot(g, next)
  const products = hasBefore ? Exact.add(ahead, Exact.multiply(beta, exactDot(before, g))) : ahead
  return {
    curvature: Exact.divide(Exact.multiply(rate, exactDot(g, multiply(g))), squared),
    found: Exact.subtract(
      hasMomentum ? Exact.add(Exact.one, beta) : Exact.one,
      Exact.divide(products, squared),
    ),
  }
}

export const directionalSharpness = claim<Quadratic, Sharpness>({
  id: "catapults/directional-sharpness",
  statement:
    "On a quadratic loss, 1 + beta - (g_t . g_(t+1) + beta g_(t-1) . g_t) / |g_t|^2 is eta times the curvature along the gradient. For plain steps it is 1 - g_t . g_(t+1) / |g_t|^2.",
  source: Kind.identity(
    derived("directional sharpness from two gradients, from three with momentum"),
  ),
  instances: quadratics,
  value: { of: Theory.directionalSharpness, hasMomentum: true, hasBefore: true },
  margin: ({ instance, value: { of: sharpness } }) => {
    const { dimension: d, momentum: beta, rate } = instance
    const { matrix, point } = quadraticOf(instance)
    const multiply = (v: Float64Array) =>
      v.map((_, i) => Vector.dot(matrix.subarray(i * d, (i + 1) * d), v))
    const update = momentum({ learningRate: rate, momentum: beta })
    const state = update.init(d)
    const gradients = Array.from({ length: 3 }, () => {
      const gradient = multiply(point)
      update.apply(state, point, gradient)
      return gradient
    })
    const [before, g, next] = gradients as [Float64Array, Float64Array, Float64Array]
    const squared = Vector.dot(g, g)
    const curvature = (rate * Vector.dot(g, multiply(g))) / squared
    const found = sharpness(squared, Vector.dot(g, next), beta, Vector.dot(before, g))
    // the sum of products that cancel
    const size = (Vector.norm(next) + beta * Vector.norm(before)) / Math.sqrt(squared)
    const plain = Vector.dot(g, next)
    return Margin.all(
      Margin.equal(found, curvature, { absolute: 1e-10 * Math.max(1, size) }),
      // where no gradient before is named there is none
      Margin.equal(
        Theory.directionalSharpness(squared, plain, beta),
        beta + Theory.directionalSharpness(squared, plain),
        { absolute: 1e-12 * Math.max(1, size) },
      ),
    )
  },
  exactly: ({ instance, value: { hasBefore, hasMomentum } }) => {
    const { curvature, found } = exactSharpness(instance, hasMomentum, hasBefore)
    return Exact.equal(found, curvature)
  },
  controls: [
    {
      name: "that of plain steps, whatever the momentum",
      value: {
        of: (squaredNorm, withNext) => Theory.directionalSharpness(squaredNorm, withNext),
        hasMomentum: false,
        hasBefore: false,
      },
    },
    {
      name: "the gradient before left out",
      value: {
        of: (squaredNorm, withNext, beta) =>
          Theory.directionalSharpness(squaredNorm, withNext, beta),
        hasMomentum: true,
        hasBefore: false,
      },
    },
  ],
})
