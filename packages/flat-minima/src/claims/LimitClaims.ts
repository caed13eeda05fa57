/** F3 to F6: the limit map, its differential, and the closed forms. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Flatness from "../Flatness.ts"
import * as LimitMap from "../LimitMap.ts"
import { exponentialValley } from "../problems/ExponentialValley.ts"
import { scalarModel } from "../problems/ScalarModel.ts"
import { settle } from "../Settle.ts"
import * as TangentProjection from "../TangentProjection.ts"
import * as Theory from "../Theory.ts"
import { derived, recalled } from "./Paper.ts"

interface Plane {
  readonly x: number
  readonly y: number
}
const plane = Draw.record<Plane>({ x: Draw.logarithmic(1, 3), y: Draw.logarithmic(1, 0.3) })

const hyperbola = scalarModel()

/** Margin of |library's limit - closed form| at the tolerance. */
const matches = (point: Float64Array, expected: ArrayLike<number>, tolerance: number): number => {
  let worst = 0
  for (let j = 0; j < point.length; j++) {
    worst = Math.max(worst, Math.abs(point[j]! - (expected[j] ?? 0)))
  }
  return Margin.atMost(worst, tolerance)
}

const limitOnHyperbola = claim<Plane>({
  id: "flat-minima/limit-on-hyperbola",
  statement:
    "The gradient flow of (x y - 1)^2 / 2 from x, y > 0 ends at the point of the hyperbola with the same x^2 - y^2.",
  source: derived("closed form of the limit map"),
  instances: plane,
  margin: ({ x, y }) =>
    matches(
      LimitMap.limit(hyperbola, Float64Array.of(x, y)).point,
      Theory.factorisation.limit(x, y),
      1e-6,
    ),
  controls: [
    {
      name: "gradient descent with a large step in place of the flow",
      instances: plane,
      margin: ({ x, y }) =>
        matches(
          settle(hyperbola, Float64Array.of(x, y), { learningRate: 0.05, tolerance: 1e-9 }).point,
          Theory.factorisation.limit(x, y),
          1e-6,
        ),
    },
  ],
})

interface ValleyPoint {
  readonly rate: number
  readonly x: number
  readonly width: number
  readonly seed: number
}
const valleyPoint = Draw.record<ValleyPoint>({
  rate: Draw.linear(0.2, 1.5),
  x: Draw.linear(0, 1),
  width: Draw.integer(1, 4),
  seed: Draw.seed(),
})
const inValley = ({ seed, width, x }: ValleyPoint) => {
  const point = new Float64Array(1 + width)
  RandomStream.make(Seed.root(seed)).fillNormal(point)
  for (let j = 1; j < point.length; j++) point[j]! *= 0.3
  point[0] = x
  let square = 0
  for (let j = 1; j < point.length; j++) square += point[j]! ** 2
  return { point, square }
}
const limitInValley = claim<ValleyPoint>({
  id: "flat-minima/limit-in-valley",
  statement: "The gradient flow of e^(c x) |y|^2 / 2 from (x, y) ends at x - c |y|^2 / 4.",
  source: derived("closed form of the limit map"),
  instances: valleyPoint,
  margin: (instance) => {
    const { point, square } = inValley(instance)
    const { rate, width, x } = instance
    return matches(
      LimitMap.limit(exponentialValley({ rate, width }), point).point,
      [Theory.exponentialValley.limit(x, square, rate)],
      1e-6,
    )
  },
  controls: [
    {
      name: "half of the drift",
      instances: valleyPoint,
      margin: (instance) => {
        const { point, square } = inValley(instance)
        const { rate, width, x } = instance
        return matches(
          LimitMap.limit(exponentialValley({ rate, width }), point).point,
          [Theory.exponentialValley.limit(x, square / 2, rate)],
          1e-6,
        )
      },
    },
  ],
})

/** Largest |dPhi v - P v| over a random unit v, dPhi by central differences of the library's limit. */
const differentialError = (
  objective: Objective,
  point: Float64Array,
  apply: (v: Float64Array) => void,
  seed: number,
): number => {
  const h = 1e-5
  const v = new Float64Array(point.length)
  RandomStream.make(Seed.root(seed).child("direction")).fillSphere(v)
  const options = { gradientTolerance: 1e-13 }
  const ahead = LimitMap.limit(
    objective,
    point.map((x, j) => x + h * v[j]!),
    options,
  ).point
  const back = LimitMap.limit(
    objective,
    point.map((x, j) => x - h * v[j]!),
    options,
  ).point
  apply(v)
  return Math.max(...v.map((value, j) => Math.abs((ahead[j]! - back[j]!) / (2 * h) - value)))
}

interface OnHyperbola {
  readonly x: number
  readonly seed: number
}
const onHyperbola = Draw.record<OnHyperbola>({ x: Draw.logarithmic(1, 2.5), seed: Draw.seed() })
const differential = claim<OnHyperbola>({
  id: "flat-minima/differential-is-projection",
  statement:
    "At a minimum the differential of the limit map is the orthogonal projection onto the kernel of the Hessian.",
  source: recalled("fact about the limit map (Li, Wang, Arora 2022)"),
  instances: onHyperbola,
  margin: ({ seed, x }) => {
    const point = Float64Array.of(x, 1 / x)
    const { apply } = TangentProjection.fromJacobian(hyperbola, point)
    return Margin.atMost(differentialError(hyperbola, point, apply, seed), 1e-7)
  },
  controls: [
    {
      name: "the identity",
      instances: onHyperbola,
      margin: ({ seed, x }) =>
        Margin.atMost(
          differentialError(hyperbola, Float64Array.of(x, 1 / x), (v) => v, seed),
          1e-7,
        ),
    },
    {
      name: "an oblique projection along the first axis",
      instances: onHyperbola,
      margin: ({ seed, x }) =>
        Margin.atMost(
          differentialError(
            hyperbola,
            Float64Array.of(x, 1 / x),
            (v) => {
              v[0] = -v[1]! * x * x
            },
            seed,
          ),
          1e-7,
        ),
    },
  ],
})

interface Shift extends Plane {
  readonly tau: number
}
const shift = Draw.record<Shift>({
  x: Draw.logarithmic(1, 3),
  y: Draw.logarithmic(1, 0.3),
  tau: Draw.logarithmic(1e-2, 1e-4),
})
/** |Phi(x - tau (grad f + turn grad f rotated)) - Phi(x)| over tau^2. */
const secondOrder = ({ tau, x, y }: Shift, turn: number): number => {
  const gradient = new Float64Array(2)
  hyperbola.valueAndGradient(Float64Array.of(x, y), gradient)
  const [gx, gy] = [gradient[0]!, gradient[1]!]
  const moved = LimitMap.limit(
    hyperbola,
    Float64Array.of(x - tau * (gx - turn * gy), y - tau * (gy + turn * gx)),
  ).point
  const expected = Theory.factorisation.limit(x, y)
  return Math.hypot(moved[0]! - expected[0], moved[1]! - expected[1]) / (tau * tau)
}
const alongTheFlow = claim<Shift>({
  id: "flat-minima/limit-along-the-flow",
  statement:
    "A gradient step changes the limit by O(step^2) only, by at most |grad f|^2 step^2 on the hyperbola, and the limit of a limit is itself to 1e-8.",
  source: recalled("dPhi grad f = 0"),
  instances: shift,
  margin: (instance) => {
    const { tau, x, y } = instance
    const gradient = new Float64Array(2)
    hyperbola.valueAndGradient(Float64Array.of(x, y), gradient)
    const once = LimitMap.limit(hyperbola, Float64Array.of(x, y)).point
    const twice = LimitMap.limit(hyperbola, once).point
    // the invariant C shrinks by tau^2 (grad)^2: dx / dC is at most 1/2 along either coordinate
    const bound = Vector.norm(gradient) ** 2 + 1e-8 / tau ** 2
    return Margin.all(
      Margin.atMost(Vector.distance(once, twice), 1e-8),
      Margin.atMost(secondOrder(instance, 0), bound),
    )
  },
  controls: [
    {
      name: "a step off the gradient",
      instances: shift,
      margin: (instance) => {
        const gradient = new Float64Array(2)
        hyperbola.valueAndGradient(Float64Array.of(instance.x, instance.y), gradient)
        return Margin.atMost(
          secondOrder(instance, 0.5),
          Vector.norm(gradient) ** 2 + 1e-8 / instance.tau ** 2,
        )
      },
    },
  ],
})

const residualAt = (x: number): number => {
  const point = Float64Array.of(x, 1 / x)
  return Flatness.residual(hyperbola, point, TangentProjection.fromJacobian(hyperbola, point), {
    step: 0.1,
  })
}
const residualFormula = claim<OnHyperbola>({
  id: "flat-minima/residual-on-hyperbola",
  statement:
    "On the hyperbola the trace of the Hessian is sqrt(C^2 + 4) and the flatness residual |C| / (C^2 + 4)^(1/4), with C = x^2 - y^2.",
  source: derived("closed form of the residual"),
  instances: onHyperbola,
  margin: ({ x }) =>
    Margin.all(
      Margin.equal(x * x + 1 / (x * x), Theory.factorisation.trace(x, 1 / x), { relative: 1e-12 }),
      Margin.equal(residualAt(x), Theory.factorisation.residual(x, 1 / x), {
        relative: 1e-12,
        absolute: 1e-12,
      }),
    ),
  controls: [
    {
      name: "the square root in place of the fourth root",
      instances: onHyperbola,
      margin: ({ x }) => {
        const c = Theory.factorisation.invariant(x, 1 / x)
        return Margin.equal(residualAt(x), Math.abs(c) / Math.hypot(c, 2), {
          relative: 1e-12,
          absolute: 1e-12,
        })
      },
    },
  ],
})

export const limitClaims: ReadonlyArray<Claim> = [
  limitOnHyperbola,
  limitInValley,
  differential,
  alongTheFlow,
  residualFormula,
]
