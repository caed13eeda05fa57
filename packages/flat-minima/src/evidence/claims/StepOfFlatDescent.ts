import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import * as Draws from "../../perturbation/Draws.ts"
import { flatDescent, smoothedFlatDescent } from "../../perturbation/FlatDescent.ts"
import { derived } from "../support/Paper.ts"
import { gradientOfTraceAtMinimum, type QuadraticModel } from "../support/QuadraticModel.ts"
import {
  bent,
  expand,
  gradientOf,
  gradientOfSample,
  type Instance,
  instances,
  plus,
} from "../support/RandomMinimum.ts"

const rates = { learningRate: 0.01, flatteningRate: 0.02 }

/** Q w of flat descent, by its definition. */
const driftOf = (model: QuadraticModel, x: Float64Array, radius: number): Float64Array => {
  const drift = new Float64Array(x.length)
  for (let i = 0; i < model.size; i++) {
    const row = new Float64Array(x.length)
    model.predictionGradient(i, x, row)
    Vector.normalise(row)
    const gradientAt = (at: Float64Array) => gradientOfSample(model, i, at)
    Vector.axpy(1 / (model.size * radius * radius), bent(gradientAt, x, radius, row), drift)
  }
  TangentProjection.fromJacobian(model, x).apply(drift)
  return drift
}

export const stepOfFlatDescent = claim<Instance, number>({
  id: "flat-minima/step-of-flat-descent",
  statement:
    "A step of flat descent is -eta G - s Q w, with w the mean over the samples of the second difference along their rows. At a minimum w is the gradient of the trace. In smoothed flat descent w is d times the second difference along a random direction, off G. The first step is counted as one.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("definition of flat descent")),
  instances,
  value: 1,
  margin: ({ instance, value: times }) => {
    const { radius } = instance
    const { direction, model, point } = expand(instance)
    const gradientAt = (x: Float64Array) => gradientOf(model, x)
    const method = flatDescent({ ...rates, radius })
    const counted: Array<number> = []
    const stepFrom = (start: Float64Array) => {
      const state = method.init(model, start)
      method.step(state)
      counted.push(state.steps)
      return plus(state.point, -1, start)
    }
    const gradient = gradientAt(point)
    const moved = plus(stepFrom(point), rates.learningRate, gradient)
    const drift = driftOf(model, point, radius)
    const trace = gradientOfTraceAtMinimum(model)
    TangentProjection.fromJacobian(model, model.minimum).apply(trace)
    const smoothed = smoothedFlatDescent({
      ...rates,
      radius,
      draws: { ...Draws.fromSeed(Seed.root(0)), fillSphere: (_, out) => out.set(direction) },
    })
    const state = smoothed.init(model, point)
    smoothed.step(state)
    const random = bent(gradientAt, point, radius, direction).map(
      (value) => (point.length * value) / (radius * radius),
    )
    const along = Vector.dot(random, gradient) / Vector.dot(gradient, gradient)
    const expected = plus(
      plus(point, -rates.learningRate, gradient),
      -rates.flatteningRate,
      plus(random, -along, gradient),
    )
    const close = (found: Float64Array, wanted: Float64Array) =>
      Margin.equal(Vector.distance(found, wanted), 0, {
        absolute: 1e-9 * (1 + Vector.norm(wanted) + Vector.norm(gradient) / (radius * radius)),
      })
    const factor = -times * rates.flatteningRate
    return Margin.all(
      close(
        moved,
        drift.map((value) => factor * value),
      ),
      close(
        stepFrom(model.minimum),
        trace.map((value) => factor * value),
      ),
      close(state.point, expected),
      Margin.holds([...counted, state.steps].every((steps) => steps === 1)),
    )
  },
  controls: [{ name: "half of the drift", value: 0.5 }],
})
