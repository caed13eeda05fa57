import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Flatness from "../../flatness/Flatness.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import { derived } from "../support/Paper.ts"
import { gradientOfTraceAtMinimum, quadraticModel } from "../support/QuadraticModel.ts"

const instances = (least: number) =>
  Draw.record({
    dimension: Draw.integer(least, 40),
    size: Draw.integer(1, 3),
    /** Share of the tangential gradient of the trace; the rest is removed, which leaves the noise unchanged. */
    share: Draw.linear(1, 0),
    seed: Draw.seed(),
  })

type Instance = Draw.Drawn<ReturnType<typeof instances>>

const pairs = 40

const repetitions = 60

/** Error bar of the estimate. */
type Bar = (
  estimated: Flatness.Estimate,
  ...args: Parameters<typeof Flatness.estimateResidual>
) => number

/** Root mean square error of all repetitions, divided by the root mean square of their error bars. */
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

/** Statistics of samples along one direction: the error bar, and the standard error of their mean, which has no other component. */
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
    "In every dimension the error bar of the estimated flatness residual is 0.3 to 1.6 times its root mean square error, whether or not the noise hides the residual.",
  inFloatingPoint: "statistical",
  source: derived("the error of a norm is that of the components along it"),
  instances: instances(4),
  value: shipped,
  /** Lies between 0.5 and 1.1 in the long run; 60 repetitions show it to 10 %, so a false alarm needs five standard errors. */
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
