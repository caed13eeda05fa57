/** The flatness residual in closed form, and the error bar of its estimate. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Flatness from "../../flatness/Flatness.ts"
import { gradientOfTraceAtMinimum, quadraticModel } from "../support/QuadraticModel.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import * as Theory from "../../theory/Theory.ts"
import { hyperbola, onHyperbola } from "../support/Hyperbola.ts"
import { derived } from "../support/Paper.ts"

const residualAt = (x: number): number => {
  const point = Float64Array.of(x, 1 / x)
  return Flatness.residual(hyperbola, point, TangentProjection.fromJacobian(hyperbola, point), {
    step: 0.1,
  })
}

/** The residual that is computed at (x, 1 / x), against |C| / (C^2 + 4) to a power with C = x^2 - 1 / x^2, to the tolerance of the margin. */
const exactResidual = (x: number, power: "1/2" | "1/4"): Exact.Compared => {
  const square = Exact.square(Exact.of(x))
  const c = Exact.subtract(square, Exact.divide(Exact.one, square))
  const length = Exact.sqrt(Exact.add(Exact.square(c), Exact.of(4)))
  const expected = Exact.divide(Exact.absolute(c), power === "1/2" ? length : Exact.sqrt(length))
  const off = Exact.absolute(Exact.subtract(Exact.of(residualAt(x)), expected))
  const allowed = Exact.multiply(Exact.of("1e-12"), Exact.add(Exact.one, expected))
  return Exact.atMost(off, allowed)
}

export const residualOnHyperbola = claim({
  id: "flat-minima/residual-on-hyperbola",
  statement:
    "On the hyperbola the trace of the Hessian is sqrt(C^2 + 4) and the flatness residual |C| / (C^2 + 4)^(1/4), with C = x^2 - y^2.",
  source: derived("closed form of the residual"),
  instances: onHyperbola,
  margin: ({ instance: { x } }) =>
    Margin.all(
      Margin.equal(x * x + 1 / (x * x), Theory.factorisation.trace(x, 1 / x), { relative: 1e-12 }),
      ...[x, 1 / x].map((at) =>
        Margin.equal(residualAt(at), Theory.factorisation.residual(at, 1 / at), {
          relative: 1e-12,
          absolute: 1e-12,
        }),
      ),
      Margin.equal(x * x - 1 / (x * x), Theory.factorisation.invariant(x, 1 / x), {
        absolute: 1e-12 * x * x,
      }),
    ),
  exactly: ({ instance: { x } }) => exactResidual(x, "1/4"),
  controls: [
    {
      name: "the square root in place of the fourth root",
      exactly: ({ instance: { x } }) => exactResidual(x, "1/2"),
      margin: ({ instance: { x } }) => {
        const c = Theory.factorisation.invariant(x, 1 / x)
        return Margin.equal(residualAt(x), Math.abs(c) / Elementary.hypot(c, 2), {
          relative: 1e-12,
          absolute: 1e-12,
        })
      },
    },
  ],
})

const instances = (least: number) =>
  Draw.record({
    dimension: Draw.integer(least, 40),
    size: Draw.integer(1, 3),
    /** Of the tangential gradient of the trace; the rest is taken off, which leaves the noise as it is. */
    share: Draw.linear(1, 0),
    seed: Draw.seed(),
  })
type Instance = Draw.Drawn<ReturnType<typeof instances>>

const pairs = 40
const repetitions = 60

/** The error bar of what was estimated. */
type Bar = (
  estimated: Flatness.Estimate,
  ...args: Parameters<typeof Flatness.estimateResidual>
) => number

/** The root of the mean square of the errors of all repetitions over that of their error bars. */
const errorOverBar = ({ dimension: n, seed, share, size }: Instance, bar: Bar): number => {
  const root = Seed.root(seed)
  const model = quadraticModel({ dimension: n, size, seed: root.child("model") })
  const { apply: project } = TangentProjection.fromJacobian(model, model.minimum)
  const gradient = gradientOfTraceAtMinimum(model)
  project(gradient)
  const apply = (v: Float64Array): void => {
    project(v)
    Vector.axpy(share - 1, gradient, v)
  }
  const exact = (share * Vector.norm(gradient)) / n
  let errors = 0
  let bars = 0
  for (let k = 0; k < repetitions; k++) {
    const options = { pairs, seed: root.child(k), step: 0.1 }
    const estimated = Flatness.estimateResidual(model, model.minimum, { apply }, options)
    errors += Elementary.square(estimated.estimate - exact)
    bars += Elementary.square(bar(estimated, model, model.minimum, { apply }, options))
  }
  return Math.sqrt(errors / bars)
}

const shipped: Bar = ({ standardError }) => standardError

/** Of samples that lie in one direction: the error bar, and the standard error of their mean, which is all that there is of it. */
const inOneDirection = ({ dimension: n, seed, share, size }: Instance) => {
  const root = Seed.root(seed)
  const model = quadraticModel({ dimension: n, size, seed: root.child("model") })
  const { apply: project } = TangentProjection.fromJacobian(model, model.minimum)
  const gradient = gradientOfTraceAtMinimum(model)
  project(gradient)
  const direction = gradient.slice()
  Vector.normalise(direction)
  const apply = (v: Float64Array): void => {
    const along = Vector.dot(v, direction)
    v.forEach((_, k) => {
      v[k] = along * direction[k]! + (share - 1) * gradient[k]!
    })
  }
  const options = { pairs, seed: root, step: 0.1 }
  const { standardError } = Flatness.estimateResidual(model, model.minimum, { apply }, options)
  const vector = Flatness.estimateGradientOfTrace(model, model.minimum, {
    ...options,
    project: apply,
  })
  return { bar: n * standardError, expected: Vector.norm(vector.standardError) }
}

export const errorBarOfTheResidual = claim({
  id: "flat-minima/error-bar-of-the-residual",
  statement:
    "In every dimension the error bar of the estimated flatness residual is its root mean square error, to a factor of 0.3 to 1.6, whether the noise hides the residual or not.",
  inFloatingPoint: "statistical",
  source: derived("the error of a norm is that of the components along it"),
  instances: instances(4),
  value: shipped,
  /** Between 0.5 and 1.1 in the long run, which 60 repetitions show to 10 %: the false alarm is at five standard deviations. */
  margin: ({ instance, value: bar }) => {
    const ratio = errorOverBar(instance, bar)
    const { bar: alone, expected } = inOneDirection(instance)
    return Margin.all(
      Margin.atLeast(ratio, 0.3),
      Margin.atMost(ratio, 1.6),
      Margin.equal(alone, expected, { relative: 1e-6 }),
    )
  },
  controls: [
    {
      name: "the length of the whole noise vector",
      value: (_, objective, x, { apply: project }, options) => {
        const noise = Flatness.estimateGradientOfTrace(objective, x, { ...options, project })
        return Vector.norm(noise.standardError) / x.length
      },
      instances: instances(30),
    },
    { name: "half of it", value: ({ standardError }) => 0.5 * standardError },
  ],
})
