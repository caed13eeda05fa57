/** Laws of the paths of both algorithms under changes of the problem that should not matter. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import { Orthogonal, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import type { Draws } from "../Draws.ts"
import * as DrawsOf from "../Draws.ts"
import type { PerturbationOptions } from "../Perturbed.ts"
import { quadraticModel } from "../problems/QuadraticModel.ts"
import type { SampleModel } from "../SampleModel.ts"
import { sharpnessAwarePerturbation } from "../SharpnessAware.ts"
import { smoothedPerturbation } from "../Smoothed.ts"
import { derived } from "./Paper.ts"

interface Instance {
  readonly dimension: number
  readonly size: number
  readonly kind: "smoothed" | "sharpness-aware"
  readonly factor: number
  readonly seed: number
}
const instances = Draw.record<Instance>({
  dimension: Draw.integer(2, 6),
  size: Draw.integer(2, 3),
  kind: Draw.oneOf("smoothed", "sharpness-aware"),
  factor: Draw.logarithmic(2, 0.5),
  seed: Draw.seed(),
})
const samplesOnly = Draw.record<Instance>({
  dimension: Draw.integer(4, 6),
  size: Draw.integer(2, 3),
  kind: Draw.oneOf("sharpness-aware"),
  factor: Draw.logarithmic(2, 0.5),
  seed: Draw.seed(),
})

interface Setting {
  readonly model: SampleModel
  readonly start: Float64Array
  readonly options: PerturbationOptions
  readonly draws: Draws
}

const steps = 8

const settingOf = ({ dimension, seed, size }: Instance): Setting => {
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
    },
    draws: DrawsOf.fromSeed(root.child("draws")),
  }
}

const pathEnd = (kind: Instance["kind"], { draws, model, options, start }: Setting) => {
  const all = { ...options, draws }
  const method = kind === "smoothed" ? smoothedPerturbation(all) : sharpnessAwarePerturbation(all)
  const state = method.init(model, start)
  for (let t = 0; t < steps; t++) method.step(state)
  return state.point
}

/** The model `weight f(map^-1(x))`, where `pull` writes map^-1(x) and `push` takes a gradient there to one here. */
const conjugate = (
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

const close = (a: Float64Array, b: Float64Array): number =>
  Margin.atMost(Vector.distance(a, b), 1e-9 * (1 + Vector.norm(a)))

const rotated = (instance: Instance, turnDraws: boolean): number => {
  const setting = settingOf(instance)
  const n = instance.dimension
  const q = Orthogonal.haar(n, RandomStream.make(Seed.root(instance.seed).child("rotation")))
  const turn = (v: Float64Array, out: Float64Array) => {
    for (let i = 0; i < n; i++) out[i] = Vector.dot(q.subarray(i * n, (i + 1) * n), v)
  }
  const turnBack = (v: Float64Array, out: Float64Array) => {
    out.fill(0)
    for (let i = 0; i < n; i++) Vector.axpy(v[i]!, q.subarray(i * n, (i + 1) * n), out)
  }
  const work = new Float64Array(n)
  const inPlace = (v: Float64Array) => {
    work.set(v)
    turn(work, v)
  }
  const expected = pathEnd(instance.kind, setting)
  const fresh = settingOf(instance).draws
  const start = setting.start.slice()
  inPlace(start)
  const actual = pathEnd(instance.kind, {
    ...setting,
    start,
    model: conjugate(setting.model, 1, turnBack, inPlace),
    draws: turnDraws
      ? {
          ...fresh,
          fillSphere: (out) => {
            fresh.fillSphere(out)
            inPlace(out)
          },
        }
      : fresh,
  })
  inPlace(expected)
  return close(expected, actual)
}
const rotation = claim<Instance>({
  id: "flat-minima/rotation",
  statement:
    "Both algorithms commute with rotations, where the random directions are turned along.",
  source: derived("metamorphic law (a)"),
  instances,
  margin: (instance) => rotated(instance, true),
  controls: [
    {
      name: "directions that are not turned along",
      instances,
      margin: (instance) => rotated(instance, false),
    },
  ],
})

interface Powers {
  readonly rate: number
  readonly radius: number
  readonly threshold: number
}
/** The path of `weight f((x - shift) / scale)` under options scaled by powers of the factor, against the mapped path. */
const mapped = (
  instance: Instance,
  map: { readonly weight: number; readonly scale: number; readonly shift: number },
  powers: Powers,
): number => {
  const { scale, shift, weight } = map
  const setting = settingOf(instance)
  const expected = pathEnd(instance.kind, setting)
  const to = (x: number) => scale * x + shift
  const { options } = setting
  const f = instance.factor
  const actual = pathEnd(instance.kind, {
    start: setting.start.map(to),
    draws: settingOf(instance).draws,
    options: {
      learningRate: options.learningRate * f ** powers.rate,
      plainLearningRate: options.plainLearningRate * f ** powers.rate,
      radius: options.radius * f ** powers.radius,
      gradientThreshold: options.gradientThreshold * f ** powers.threshold,
    },
    model: conjugate(
      setting.model,
      weight,
      (x, out) => {
        for (let j = 0; j < x.length; j++) out[j] = (x[j]! - shift) / scale
      },
      (gradient) => Vector.scale(1 / scale, gradient),
    ),
  })
  return close(expected.map(to), actual)
}

type MapOf = (f: number) => {
  readonly weight: number
  readonly scale: number
  readonly shift: number
}
const scaling = (
  name: string,
  statement: string,
  law: string,
  map: MapOf,
  powers: Powers,
  wrong: { readonly name: string; readonly map?: MapOf; readonly powers: Powers },
): Claim =>
  claim<Instance>({
    id: `flat-minima/${name}`,
    statement,
    source: derived(law),
    instances,
    margin: (instance) => mapped(instance, map(instance.factor), powers),
    controls: [
      {
        name: wrong.name,
        instances,
        margin: (instance) => mapped(instance, (wrong.map ?? map)(instance.factor), wrong.powers),
      },
    ],
  })

const lossScale = scaling(
  "scale-of-the-loss",
  "Where f becomes c f, both steps divided by c and the threshold times c give the same path.",
  "metamorphic law (b)",
  (f) => ({ weight: f, scale: 1, shift: 0 }),
  { rate: -1, radius: 0, threshold: 1 },
  { name: "steps as before", powers: { rate: 0, radius: 0, threshold: 1 } },
)
const parameterScale = scaling(
  "scale-of-the-parameters",
  "Where x becomes s x, steps times s^2, radius times s and threshold over s give the path times s.",
  "metamorphic law (d)",
  (f) => ({ weight: 1, scale: f, shift: 0 }),
  { rate: 2, radius: 1, threshold: -1 },
  { name: "radius as before", powers: { rate: 2, radius: 0, threshold: -1 } },
)
const translation = scaling(
  "translation",
  "Both algorithms commute with translations.",
  "metamorphic law (c)",
  (f) => ({ weight: 1, scale: 1, shift: f }),
  { rate: 0, radius: 0, threshold: 0 },
  {
    name: "a radius that grows with the shift",
    powers: { rate: 0, radius: 1, threshold: 0 },
  },
)

/** The model of the samples that `order` lists. */
const resampled = (model: SampleModel, order: ReadonlyArray<number>): SampleModel => ({
  ...model,
  size: order.length,
  predictionGradient: (i, x, gradient) => model.predictionGradient(order[i]!, x, gradient),
  sampleValueAndGradient: (i, x, gradient) => model.sampleValueAndGradient(order[i]!, x, gradient),
  batchValueAndGradient: (indices, x, gradient) =>
    model.batchValueAndGradient(
      indices.map((i) => order[i]!),
      x,
      gradient,
    ),
  valueAndGradient: (x, gradient) =>
    model.batchValueAndGradient(Uint32Array.from(order), x, gradient),
})

const reordered = (
  instance: Instance,
  order: ReadonlyArray<number>,
  index: (i: number) => number,
): number => {
  const setting = settingOf(instance)
  const { size } = setting.model
  const expected = pathEnd(instance.kind, setting)
  const fresh = settingOf(instance).draws
  const actual = pathEnd(instance.kind, {
    ...setting,
    model: resampled(setting.model, order),
    draws: { ...fresh, index: () => index(fresh.index(size)) },
  })
  return close(expected, actual)
}
const order = claim<Instance>({
  id: "flat-minima/samples-reordered-and-duplicated",
  statement:
    "The sharpness-aware path stays where the samples are permuted along with the indices drawn, and where the data set is duplicated.",
  source: derived("metamorphic laws (f) and (g)"),
  instances: samplesOnly,
  margin: (instance) => {
    const n = instance.size
    const natural = Array.from({ length: n }, (_, i) => i)
    return Margin.all(
      reordered(instance, natural.toReversed(), (i) => n - 1 - i),
      reordered(instance, [...natural, ...natural], (i) => i + n),
    )
  },
  controls: [
    {
      name: "permuted without the indices",
      instances: samplesOnly,
      margin: (instance) =>
        reordered(
          instance,
          Array.from({ length: instance.size }, (_, i) => instance.size - 1 - i),
          (i) => i,
        ),
    },
    {
      name: "one sample twice",
      instances: samplesOnly,
      margin: (instance) =>
        reordered(
          instance,
          [0, ...Array.from({ length: instance.size }, (_, i) => i)],
          (i) => i + 1,
        ),
    },
  ],
})

/** The path with predictions times `scale`, losses as before, and the sign of the draws times `sign` by sample. */
const reflected = (
  instance: Instance,
  change: (model: SampleModel) => SampleModel,
  sign: number,
): number => {
  const setting = settingOf(instance)
  const expected = pathEnd(instance.kind, setting)
  const fresh = settingOf(instance).draws
  const actual = pathEnd(instance.kind, {
    ...setting,
    model: change(setting.model),
    draws: { ...fresh, sign: () => sign * fresh.sign() },
  })
  return close(expected, actual)
}
/** Predictions `scale (p - y)`: the rows and the residual change alike. */
const rescaledPredictions =
  (rowScale: number, residualScale: number) =>
  (model: SampleModel): SampleModel => ({
    ...model,
    predictionGradient: (i, x, gradient) => {
      const residual = model.predictionGradient(i, x, gradient)
      Vector.scale(rowScale, gradient)
      return residualScale * residual
    },
  })
const signs = claim<Instance>({
  id: "flat-minima/signs-and-scales-of-samples",
  statement:
    "The path stays where predictions and labels change sign under an even loss, where the rows are scaled by c > 0, and where sigma changes sign along with a sample's gradient.",
  source: derived("metamorphic laws (h), (i) and (j)"),
  instances: samplesOnly,
  margin: (instance) =>
    Margin.all(
      reflected(instance, rescaledPredictions(-1, -1), 1),
      reflected(instance, rescaledPredictions(instance.factor, 1), 1),
      reflected(instance, rescaledPredictions(-1, 1), -1),
    ),
  controls: [
    {
      name: "sigma changed alone",
      instances: samplesOnly,
      margin: (instance) => reflected(instance, rescaledPredictions(1, 1), -1),
    },
  ],
})

export const metamorphicClaims: ReadonlyArray<Claim> = [
  rotation,
  lossScale,
  translation,
  parameterScale,
  order,
  signs,
]
