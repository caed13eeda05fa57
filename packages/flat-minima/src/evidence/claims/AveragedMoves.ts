import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import * as Draws from "../../perturbation/Draws.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { derived } from "../support/Paper.ts"
import {
  expand,
  gradientOf,
  gradientOfSample,
  type Instance,
  instances,
  plus,
} from "../support/RandomMinimum.ts"

/** Draws that run through given directions, samples and signs. */
const listed = (directions: ReadonlyArray<Float64Array>, size: number): Draws.Draws => ({
  begin: () => ({ direction: 0, sample: 0, sign: 0 }),
  fillSphere: (place, out) => {
    const at = place as { direction: number }
    out.set(directions[at.direction++ % directions.length]!)
  },
  index: (place) => (place as { sample: number }).sample++ % size,
  sign: (place) => ((place as { sign: number }).sign++ % 3 === 0 ? -1 : 1),
})

/** Half of the squared norm as a sum of one sample that is not a model: at 0 the sample has no gradient. */
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
    "The move of several directions or samples, with one or both signs, is the mean of their moves. For a sample without a gradient, the gradient next to the point is used. A move that is not finite is skipped.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("options of both algorithms")),
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
