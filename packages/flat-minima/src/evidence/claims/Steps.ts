/** Single steps of the methods, and their draws and error bars, against their definitions. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { gaussian, mulberry32 } from "@nonconvex/numerics/Mulberry32"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import { meanOf } from "../../flatness/Estimate.ts"
import { eachPair, estimateGradientOfTrace } from "../../flatness/GradientOfTrace.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import * as Draws from "../../perturbation/Draws.ts"
import { flatDescent, smoothedFlatDescent } from "../../perturbation/FlatDescent.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { derived } from "../support/Paper.ts"
import {
  gradientOfTraceAtMinimum,
  quadraticModel,
  type QuadraticModel,
} from "../support/QuadraticModel.ts"

const instances = Draw.record({
  dimension: Draw.integer(3, 7),
  size: Draw.integer(1, 3),
  radius: Draw.logarithmic(0.5, 0.05),
  seed: Draw.seed(),
})
type Instance = Draw.Drawn<typeof instances>

const expand = ({ dimension, seed, size }: Instance) => {
  const model = quadraticModel({
    dimension,
    size: Math.min(size, dimension - 1),
    seed: Seed.root(seed),
  })
  const stream = RandomStream.make(Seed.root(seed).child("off"))
  const point = model.minimum.map((x) => x + 0.3 * stream.normal())
  return { model, point, direction: stream.onSphere(dimension) }
}

const rates = { learningRate: 0.01, flatteningRate: 0.02 }

const gradientOf = (model: QuadraticModel, x: Float64Array): Float64Array => {
  const gradient = new Float64Array(x.length)
  model.valueAndGradient(x, gradient)
  return gradient
}

const gradientOfSample = (model: QuadraticModel, i: number, x: Float64Array): Float64Array => {
  const gradient = new Float64Array(x.length)
  model.sampleValueAndGradient(i, x, gradient)
  return gradient
}

const plus = (x: Float64Array, weight: number, y: Float64Array): Float64Array =>
  x.map((value, j) => value + weight * y[j]!)

/** The second difference of a gradient: g(x + r u) + g(x - r u) - 2 g(x). */
const bent = (
  gradientAt: (x: Float64Array) => Float64Array,
  x: Float64Array,
  radius: number,
  u: Float64Array,
): Float64Array => {
  const [ahead, behind, here] = [plus(x, radius, u), plus(x, -radius, u), x].map(gradientAt)
  return ahead!.map((value, j) => value + behind![j]! - 2 * here![j]!)
}

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
    "A step of flat descent is -eta G - s Q w with w the mean over the samples of the second difference along their rows, which at a minimum is the gradient of the trace; of smoothed flat descent w is d times the second difference along a random direction, off G. The first step is counted as one.",
  inFloatingPoint: "agreement",
  source: derived("definition of flat descent"),
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

/** Draws that go through given directions, samples and signs. */
const listed = (directions: ReadonlyArray<Float64Array>, size: number): Draws.Draws => ({
  begin: () => ({ direction: 0, sample: 0, sign: 0 }),
  fillSphere: (place, out) => {
    const at = place as { direction: number }
    out.set(directions[at.direction++ % directions.length]!)
  },
  index: (place) => (place as { sample: number }).sample++ % size,
  sign: (place) => ((place as { sign: number }).sign++ % 3 === 0 ? -1 : 1),
})

/** Half of the squared norm, as a sum of one sample that is no model: at 0 the sample has no gradient. */
const bowl = (dimension: number): FiniteSum => {
  const valueAndGradient = (x: Float64Array, gradient: Float64Array): number => {
    gradient.set(x)
    return Vector.dot(x, x) / 2
  }
  return {
    name: "bowl",
    dimension,
    size: 1,
    constants: {},
    valueAndGradient,
    batchValueAndGradient: (_, x, gradient) => valueAndGradient(x, gradient),
  }
}

/** The same, with a gradient that is infinite everywhere but at `origin`. */
const cliff = (origin: Float64Array): FiniteSum => {
  const round = bowl(origin.length)
  return {
    ...round,
    descend: undefined,
    valueAndGradient: (x, gradient) => {
      const value = round.valueAndGradient(x, gradient)
      if (Vector.distance(x, origin) > 0) gradient.fill(Infinity)
      return value
    },
  }
}

export const averagedMoves = claim<Instance, boolean>({
  id: "flat-minima/averaged-moves",
  statement:
    "The move of several directions or samples, each with both signs or with one, is the mean of their moves; a sample without a gradient moves along the one beside the point, and a move that is not finite is not made.",
  inFloatingPoint: "agreement",
  source: derived("options of both algorithms"),
  instances,
  value: true,
  margin: ({ instance, value: bothSigns }) => {
    const { dimension, radius, seed } = instance
    const { model, point } = expand(instance)
    const stream = RandomStream.make(Seed.root(seed).child("directions"))
    const directions = Array.from({ length: 3 }, () => stream.onSphere(dimension))
    const gradientAt = (x: Float64Array) => gradientOf(model, x)
    const gradient = gradientAt(point)
    const off = (v: Float64Array) =>
      plus(v, -Vector.dot(v, gradient) / Vector.dot(gradient, gradient), gradient)
    const options = {
      learningRate: 0.1,
      plainLearningRate: 0.1,
      radius,
      gradientThreshold: Number.POSITIVE_INFINITY,
      draws: listed(directions, model.size),
    }
    const mean = (moves: ReadonlyArray<Float64Array>) => {
      const sum = new Float64Array(dimension)
      for (const move of moves) Vector.axpy(1 / moves.length, move, sum)
      return off(sum)
    }
    const counted: Array<number> = []
    const checks = [true, false].flatMap((antithetic) => {
      const sides = antithetic && bothSigns ? [1, -1] : [1]
      const smoothed = smoothedPerturbation({ ...options, directions: 3, antithetic })
      const state = smoothed.init(model, point)
      smoothed.step(state)
      const expected = mean(
        directions.flatMap((u) => sides.map((side) => gradientAt(plus(point, side * radius, u)))),
      )
      const aware = sharpnessAwarePerturbation({ ...options, batchSize: 3, antithetic })
      const other = aware.init(model, point)
      aware.step(other)
      const steep = mean(
        [0, 1, 2].flatMap((k) => {
          const i = k % model.size
          const sampleAt = (x: Float64Array) => gradientOfSample(model, i, x)
          const u = sampleAt(point)
          Vector.normalise(u)
          const sign = k === 0 ? -1 : 1
          return sides.map((side) => sampleAt(plus(point, side * sign * radius, u)))
        }),
      )
      counted.push(state.steps, state.perturbedSteps, other.steps, other.perturbedSteps)
      return [
        [state.move, expected],
        [other.move, steep],
      ] as const
    })
    // where the sample has no gradient, its direction is that beside the point
    const aware = sharpnessAwarePerturbation(options)
    const level = aware.init(bowl(dimension), new Float64Array(dimension))
    aware.step(level)
    const beside = directions[0]!.map((u) => -radius * u)
    const fall = smoothedPerturbation(options)
    const fallen = fall.init(cliff(point), point)
    fall.step(fallen)
    return Margin.all(
      Margin.atMost(Vector.distance(level.move, beside), 1e-12),
      Margin.holds(fallen.status === "diverged" && Vector.distance(fallen.point, point) === 0),
      Margin.holds(counted.every((steps) => steps === 1)),
      ...checks.map(([found, wanted]) =>
        Margin.equal(Vector.distance(found, wanted), 0, {
          absolute: 1e-11 * (1 + Vector.norm(wanted) + Vector.norm(gradient)),
        }),
      ),
    )
  },
  controls: [{ name: "the other sign left out", value: false }],
})

export const errorBarsByDefinition = claim<Instance, number>({
  id: "flat-minima/error-bars-by-definition",
  statement:
    "Estimates of means have the standard error of their samples, with one less than their number, those of the gradient of the trace are second differences along random signs, and the published draws are those of mulberry32.",
  inFloatingPoint: "statistical",
  source: derived("definition of a standard error"),
  instances,
  value: 1,
  margin: ({ instance, value: fewer }) => {
    const { dimension, seed } = instance
    const { model, point } = expand(instance)
    const pairs = 7
    const step = 0.1
    const options = { pairs, step, seed: Seed.root(seed) }
    const samples: Array<Float64Array> = []
    eachPair(model, point, options, (sample) => samples.push(sample.slice()))
    const found = estimateGradientOfTrace(model, point, options)
    const gradientAt = (x: Float64Array) => gradientOf(model, x)
    const length = step / Math.sqrt(dimension)
    const differences = samples.map((sample, k) => {
      const z = new Float64Array(dimension)
      RandomStream.make(options.seed.child(k)).fillRademacher(z)
      const bend = bent(gradientAt, point, length, z)
      const size = Vector.norm(gradientAt(point))
      return Margin.atMost(
        Vector.distance(
          bend,
          sample.map((value) => length * length * value),
        ),
        1e-11 * (1 + size),
      )
    })
    const components = Array.from({ length: dimension }, (_, j) => {
      const values = samples.map((sample) => sample[j]!)
      const mean = values.reduce((sum, value) => sum + value, 0) / pairs
      const square = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
      const error = Math.sqrt(square / (pairs - fewer) / pairs)
      const absolute = 1e-10 * (Math.abs(mean) + error)
      const own = meanOf(values)
      return Margin.all(
        Margin.equal(found.estimate[j]!, mean, { absolute }),
        Margin.equal(found.standardError[j]!, error, { absolute }),
        Margin.equal(own.estimate, mean, { absolute }),
        Margin.equal(own.standardError, error, { absolute }),
      )
    })
    const pair = meanOf([0, point[0]!]).standardError
    const draws = Draws.published(seed)
    const [place, uniformPlace] = [draws.begin(), draws.begin()]
    const uniform = mulberry32(seed)
    const drawn = new Float64Array(2 * dimension + 1)
    draws.fillSphere(place, drawn)
    const next = gaussian(mulberry32(seed))
    const expected = Float64Array.from(drawn, () => next())
    Vector.scale(1 / Vector.norm(expected), expected)
    const signs = [0, 1, 2, 3].map(() => draws.sign(uniformPlace) === (uniform() < 0.5 ? 1 : -1))
    const indices = [0, 1, 2, 3].map(
      () => draws.index(uniformPlace, 10) === Math.floor(10 * uniform()),
    )
    return Margin.all(
      ...components,
      ...differences,
      Margin.equal(pair, Math.abs(point[0]!) / 2, { relative: 1e-12 }),
      Margin.equal(Vector.distance(drawn, expected), 0, { absolute: 1e-14 }),
      Margin.holds([...signs, ...indices].every(Boolean)),
    )
  },
  controls: [{ name: "the number itself", value: 0 }],
})
