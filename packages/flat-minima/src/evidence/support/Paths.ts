/** Paths of both algorithms, and the same problems in other coordinates. */
import { Draw, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import * as Draws from "../../perturbation/Draws.ts"
import type { PerturbationOptions } from "../../perturbation/PerturbedStep.ts"
import { quadraticModel } from "./QuadraticModel.ts"
import type { SampleModel } from "../../problems/SampleModel.ts"
import type { Subject } from "./Subject.ts"

const drawn = <Kind extends "smoothed" | "sharpness-aware">(
  dimension: number,
  kinds: readonly [Kind, ...Kind[]],
  factor = Draw.logarithmic(2, 0.5),
) =>
  Draw.record({
    dimension: Draw.integer(dimension, 6),
    size: Draw.integer(2, 3),
    kind: Draw.oneOf(...kinds),
    factor,
    seed: Draw.seed(),
  })
const both = ["smoothed", "sharpness-aware"] as const

export const instances = drawn(2, both)
export type Instance = Draw.Drawn<typeof instances>
/** `instances` with factors of up to 160 decades: the square of a gradient then overflows or underflows. */
export const decades = drawn(
  2,
  both,
  Draw.linear(2, 9).chain((mantissa) =>
    Draw.oneOf(1, 1e-3, 1e3, 1e-12, 1e12, 1e-160, 1e160).map((decade) => mantissa * decade),
  ),
)
export const samplesOnly = drawn(4, ["sharpness-aware"])

interface Setting {
  readonly model: SampleModel
  readonly start: Float64Array
  readonly options: PerturbationOptions
}

const steps = 8

export const settingOf = ({ dimension, seed, size }: Instance): Setting => {
  const root = Seed.root(seed)
  const model = quadraticModel({ dimension, size, seed: root.child("model") })
  const start = model.minimum.slice()
  const stream = RandomStream.make(root.child("start"))
  for (let j = 0; j < dimension; j++) start[j]! += 0.05 * stream.normal()
  return {
    model,
    start,
    options: {
      learningRate: 0.01,
      plainLearningRate: 0.02,
      radius: 0.2,
      gradientThreshold: 10,
      draws: Draws.fromSeed(root.child("draws")),
    },
  }
}

const run = <State extends MethodState>(
  method: Method<State, SampleModel>,
  model: SampleModel,
  start: Float64Array,
): Float64Array => {
  const state = method.init(model, start)
  for (let t = 0; t < steps; t++) method.step(state)
  return state.point
}

export const pathEnd = (
  subject: Subject,
  kind: Instance["kind"],
  { model, options, start }: Setting,
): Float64Array =>
  kind === "smoothed"
    ? run(subject.smoothed(options), model, start)
    : run(subject.sharpnessAware(options), model, start)

/** The model `weight f(map^-1(x))`; `pull` writes map^-1(x), and `push` maps a gradient there to one here. */
export const conjugate = (
  model: SampleModel,
  weight: number,
  pull: (x: Float64Array, out: Float64Array) => void,
  push: (gradient: Float64Array) => void,
): SampleModel => {
  const inner = new Float64Array(model.dimension)
  const finish = (value: number, gradient: Float64Array): number => {
    push(gradient)
    Vector.scale(weight, gradient)
    return weight * value
  }
  return {
    name: model.name,
    dimension: model.dimension,
    size: model.size,
    constants: {},
    predictionGradient: (i, x, gradient) => {
      pull(x, inner)
      const residual = model.predictionGradient(i, inner, gradient)
      push(gradient)
      return residual
    },
    sampleValueAndGradient: (i, x, gradient) => {
      pull(x, inner)
      return finish(model.sampleValueAndGradient(i, inner, gradient), gradient)
    },
    batchValueAndGradient: (indices, x, gradient) => {
      pull(x, inner)
      return finish(model.batchValueAndGradient(indices, inner, gradient), gradient)
    },
    valueAndGradient: (x, gradient) => {
      pull(x, inner)
      return finish(model.valueAndGradient(inner, gradient), gradient)
    },
  }
}

export const close = (a: Float64Array, b: Float64Array): Margin.Comparison =>
  Margin.atMost(Vector.distance(a, b), 1e-9 * (1 + Vector.norm(a)))
