/** The tangent space of the minima: by the limit map, by the Jacobian and by the Hessian. */
import { claim, Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LimitMap from "../../minima/LimitMap.ts"
import { hyperbola, onHyperbola } from "../support/Hyperbola.ts"
import { type QuadraticModel, quadraticModel } from "../support/QuadraticModel.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import { derived, recalled } from "../support/Paper.ts"
import { onSphere } from "../support/Random.ts"

export const differentialIsProjection = parametrised({
  id: "flat-minima/differential-is-projection",
  statement:
    "At a minimum the differential of the limit map is the orthogonal projection onto the kernel of the Hessian.",
  source: recalled("fact about the limit map (Li, Wang, Arora 2022)"),
  instances: onHyperbola,
  /** The largest |dPhi v - P v| for a random unit v, dPhi by central differences of the library's limit. */
  margin: ({ seed, x }, _given, applyAt) => {
    const h = 1e-5
    const point = Float64Array.of(x, 1 / x)
    const v = onSphere(seed, "direction", 2)
    const [ahead, back] = [h, -h].map((t) => {
      const moved = point.map((value, j) => value + t * v[j]!)
      return LimitMap.limit(hyperbola, moved, { gradientTolerance: 1e-13 }).point
    })
    applyAt(point, v)
    const errors = v.map((value, j) => Math.abs((ahead![j]! - back![j]!) / (2 * h) - value))
    return Margin.atMost(Math.max(...errors), 1e-7)
  },
  holds: (point: Float64Array, v: Float64Array) =>
    TangentProjection.fromJacobian(hyperbola, point).apply(v),
  fails: [
    ["the identity", (_, v) => v],
    [
      "an oblique projection along the first axis",
      ([x], v) => {
        v[0] = -v[1]! * x! * x!
      },
    ],
  ],
})

const modelInstance = Draw.record({
  dimension: Draw.integer(3, 6),
  size: Draw.integer(1, 2),
  seed: Draw.seed(),
})
type ModelInstance = Draw.Drawn<typeof modelInstance>
const expandModel = ({ dimension, seed, size }: ModelInstance) =>
  quadraticModel({ dimension, size, seed: Seed.root(seed) })

/** Margin of |P v - Q v| over a random unit v, Q from the Jacobian at `point`; P is what the gap test found there. */
const sameProjection = (
  { seed }: ModelInstance,
  model: QuadraticModel,
  point: Float64Array,
  { apply }: TangentProjection.Projection,
): number => {
  const a = onSphere(seed, "direction", model.dimension)
  const b = a.slice()
  apply(a)
  TangentProjection.fromJacobian(model, point).apply(b)
  return Margin.atMost(Vector.distance(a, b), 1e-8)
}
export const twoTangentSpaces = claim({
  id: "flat-minima/two-tangent-spaces",
  statement:
    "At an interpolating point the projection off the rows of the Jacobian is the projection onto the kernel of the Hessian that the gap test finds.",
  source: derived("the Hessian there is J'J / n"),
  instances: modelInstance,
  margin: (instance, { kernels }) => {
    const model = expandModel(instance)
    const test = TangentProjection.fromHessian(model, model.minimum, { kernels })
    return test._tag === "NoGap"
      ? -1
      : sameProjection(instance, model, model.minimum, test.projection)
  },
  controls: [
    {
      name: "a little away from the minimum, with the gap that is still there",
      margin: (instance, { kernels }) => {
        const model = expandModel(instance)
        const away = model.minimum.map((x) => x + 1e-4)
        const test = TangentProjection.fromHessian(model, away, { gap: 2, zero: 0.5, kernels })
        // only the projections are to tell
        return test._tag === "NoGap" || test.projection.rank !== model.size
          ? 1
          : sameProjection(instance, model, away, test.projection)
      },
    },
  ],
})
