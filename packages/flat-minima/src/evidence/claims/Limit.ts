/** The limit map against its closed forms and along the gradient flow, and the tangent space of the minima: by it, by the Jacobian and by the Hessian. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LimitMap from "../../minima/LimitMap.ts"
import { settle, type Settled } from "../../minima/Settle.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import * as Theory from "../../theory/Theory.ts"
import { exponentialValley } from "../support/ExponentialValley.ts"
import { hyperbola, onHyperbola } from "../support/Hyperbola.ts"
import { derived, recalled } from "../support/Paper.ts"
import { quadraticModel, type QuadraticModel } from "../support/QuadraticModel.ts"
import { onSphere } from "../support/Random.ts"

/** Margin of |end - closed form|, whose last coordinates are 0, at 1e-6. */
const matches = ({ point }: Settled, expected: ArrayLike<number>): Margin.Comparison =>
  Margin.atMost(Math.max(...point.map((x, j) => Math.abs(x - (expected[j] ?? 0)))), 1e-6)

export const limitOnHyperbola = claim({
  id: "flat-minima/limit-on-hyperbola",
  statement:
    "The gradient flow of (x y - 1)^2 / 2 from x, y > 0 ends at the point of the hyperbola with the same x^2 - y^2.",
  inFloatingPoint: "limit",
  source: derived("closed form of the limit map"),
  instances: Draw.record({ x: Draw.logarithmic(1, 3), y: Draw.logarithmic(1, 0.3) }),
  margin: ({ instance: { x, y } }) =>
    Margin.all(
      ...[
        [x, y],
        [y, x],
      ].map(([a, b]) =>
        matches(
          LimitMap.limit(hyperbola, Float64Array.of(a!, b!)),
          Theory.factorisation.limit(a!, b!),
        ),
      ),
    ),
  controls: [
    {
      name: "gradient descent with a large step in place of the flow",
      margin: ({ instance: { x, y } }) =>
        matches(
          settle(hyperbola, Float64Array.of(x, y), { learningRate: 0.05, tolerance: 1e-9 }),
          Theory.factorisation.limit(x, y),
        ),
    },
  ],
})

export const limitInValley = claim({
  id: "flat-minima/limit-in-valley",
  statement: "The gradient flow of e^(c x) |y|^2 / 2 from (x, y) ends at x - c |y|^2 / 4.",
  inFloatingPoint: "limit",
  source: derived("closed form of the limit map"),
  instances: Draw.record({
    rate: Draw.linear(0.2, 1.5),
    x: Draw.linear(0, 1),
    width: Draw.integer(1, 4),
    seed: Draw.seed(),
  }),
  value: 1,
  /** The limit against the closed form with `part` of its drift. */
  margin: ({ instance: { rate, seed, width, x }, value: part }) => {
    const point = RandomStream.make(Seed.root(seed)).normals(1 + width)
    for (let j = 1; j < point.length; j++) point[j]! *= 0.3
    point[0] = x
    let square = 0
    for (let j = 1; j < point.length; j++) square += point[j]! * point[j]!
    return matches(LimitMap.limit(exponentialValley({ rate, width }), point), [
      Theory.exponentialValley.limit(x, part * square, rate),
    ])
  },
  controls: [{ name: "half of the drift", value: 0.5 }],
})

const shift = Draw.record({
  x: Draw.logarithmic(1, 3),
  y: Draw.logarithmic(1, 0.3),
  tau: Draw.logarithmic(1e-2, 1e-4),
})
type Shift = Draw.Drawn<typeof shift>
/** Margin of `|Phi(x - tau (grad f + sideways J grad f)) - Phi(x)| / tau^2`, J the rotation by 90 degrees, at `|grad f|^2`. */
const changeOfLimit = ({ tau, x, y }: Shift, sideways: number): Margin.Comparison => {
  const gradient = new Float64Array(2)
  hyperbola.valueAndGradient(Float64Array.of(x, y), gradient)
  const [gx, gy] = [gradient[0]!, gradient[1]!]
  const moved = LimitMap.limit(
    hyperbola,
    Float64Array.of(x - tau * (gx - sideways * gy), y - tau * (gy + sideways * gx)),
  ).point
  const expected = Theory.factorisation.limit(x, y)
  // the invariant C shrinks by tau^2 (grad)^2: dx / dC is at most 1/2 along either coordinate
  return Margin.atMost(
    Elementary.hypot(moved[0]! - expected[0], moved[1]! - expected[1]) / (tau * tau),
    Elementary.square(Vector.norm(gradient)) + 1e-8 / (tau * tau),
  )
}
export const limitAlongTheFlow = claim({
  id: "flat-minima/limit-along-the-flow",
  statement:
    "A gradient step changes the limit by O(step^2) only, by at most |grad f|^2 step^2 on the hyperbola, and the limit of a limit is itself to 1e-8.",
  inFloatingPoint: "limit",
  source: recalled("dPhi grad f = 0"),
  instances: shift,
  margin: ({ instance }) => {
    const once = LimitMap.limit(hyperbola, Float64Array.of(instance.x, instance.y)).point
    const twice = LimitMap.limit(hyperbola, once).point
    return Margin.all(Margin.atMost(Vector.distance(once, twice), 1e-8), changeOfLimit(instance, 0))
  },
  controls: [
    { name: "a step off the gradient", margin: ({ instance }) => changeOfLimit(instance, 0.5) },
  ],
})

export const differentialIsProjection = claim({
  id: "flat-minima/differential-is-projection",
  statement:
    "At a minimum the differential of the limit map is the orthogonal projection onto the kernel of the Hessian.",
  inFloatingPoint: "limit",
  source: recalled("fact about the limit map (Li, Wang, Arora 2022)"),
  instances: onHyperbola,
  value: (point: Float64Array, v: Float64Array) =>
    TangentProjection.fromJacobian(hyperbola, point).apply(v),
  /** The largest |dPhi v - P v| for a random unit v, dPhi by central differences of the library's limit. */
  margin: ({ instance: { seed, x }, value: applyAt }) => {
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
  controls: [
    { name: "the identity", value: (_, v) => v },
    {
      name: "an oblique projection along the first axis",
      value: ([x], v) => {
        v[0] = -v[1]! * x! * x!
      },
    },
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
): Margin.Comparison => {
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
  inFloatingPoint: "spectrum",
  source: derived("the Hessian there is J'J / n"),
  instances: modelInstance,
  margin: ({ instance, kernels }) => {
    const model = expandModel(instance)
    const test = TangentProjection.fromHessian(model, model.minimum, { kernels })
    return test._tag === "NoGap"
      ? Margin.holds(false)
      : sameProjection(instance, model, model.minimum, test.projection)
  },
  controls: [
    {
      name: "a little away from the minimum, with the gap that is still there",
      margin: ({ instance, kernels }) => {
        const model = expandModel(instance)
        const away = model.minimum.map((x) => x + 1e-4)
        const test = TangentProjection.fromHessian(model, away, { gap: 2, zero: 0.5, kernels })
        // only the projections are to tell
        return test._tag === "NoGap" || test.projection.rank !== model.size
          ? Margin.holds(true)
          : sameProjection(instance, model, away, test.projection)
      },
    },
  ],
})
