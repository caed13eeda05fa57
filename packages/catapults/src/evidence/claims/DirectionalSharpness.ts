/** The curvature along the gradient, from gradients alone. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { momentum } from "@nonconvex/problems/Sgd"
import * as Theory from "../../theory/index.ts"
import { normals } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"

export const directionalSharpness = parametrised({
  id: "catapults/directional-sharpness",
  statement:
    "On a quadratic loss, 1 + beta - (g_t . g_(t+1) + beta g_(t-1) . g_t) / |g_t|^2 is eta times the curvature along the gradient: 1 - g_t . g_(t+1) / |g_t|^2 of plain steps.",
  source: derived("directional sharpness from two gradients, from three with momentum"),
  instances: Draw.record({
    dimension: Draw.integer(1, 10),
    rate: Draw.linear(0.1, 2),
    momentum: Draw.oneOf(0, 0.5, 0.9),
    seed: Draw.seed(),
  }),
  margin: ({ dimension: d, momentum: beta, rate, seed }, _, sharpness) => {
    const root = Seed.root(seed)
    const matrix = normals(root.child("matrix"), d * d)
    for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) matrix[i * d + j] = matrix[j * d + i]!
    const multiply = (v: Float64Array) =>
      v.map((_, i) => Vector.dot(matrix.subarray(i * d, (i + 1) * d), v))
    const update = momentum({ learningRate: rate, momentum: beta })
    const state = update.init(d)
    const point = normals(root.child("point"), d)
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
    return Margin.equal(found, curvature, { absolute: 1e-10 * Math.max(1, size) })
  },
  holds: Theory.directionalSharpness,
  fails: [
    [
      "that of plain steps, whatever the momentum",
      (squaredNorm, withNext) => Theory.directionalSharpness(squaredNorm, withNext),
    ],
    [
      "the gradient before left out",
      (squaredNorm, withNext, beta) => Theory.directionalSharpness(squaredNorm, withNext, beta),
    ],
  ],
})
