/** Rotation, translation and scale leave the paths of both algorithms as they are. */
import { claim, type Law } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Draws } from "../../perturbation/Draws.ts"
import { derived } from "../support/Paper.ts"
import { close, conjugate, decades, instances, pathEnd, settingOf } from "../support/Paths.ts"
import { type Subject, flatMinima } from "../support/Subject.ts"

export const rotation = claim({
  id: "flat-minima/rotation",
  statement:
    "Both algorithms commute with rotations, where the random directions are turned along.",
  inFloatingPoint: "agreement",
  source: derived("invariance under rotations"),
  subject: flatMinima,
  instances,
  value: true,
  margin: ({ instance, subject, value: rotatesDraws }) => {
    const setting = settingOf(instance)
    const n = instance.dimension
    const q = Orthogonal.haar(n, RandomStream.make(Seed.root(instance.seed).child("rotation")))
    const rotate = (v: Float64Array, out: Float64Array) => {
      for (let i = 0; i < n; i++) out[i] = Vector.dot(q.subarray(i * n, (i + 1) * n), v)
    }
    const rotateBack = (v: Float64Array, out: Float64Array) => {
      out.fill(0)
      for (let i = 0; i < n; i++) Vector.axpy(v[i]!, q.subarray(i * n, (i + 1) * n), out)
    }
    const work = new Float64Array(n)
    const inPlace = (v: Float64Array) => {
      work.set(v)
      rotate(work, v)
    }
    const expected = pathEnd(subject, instance.kind, setting)
    const start = setting.start.slice()
    inPlace(start)
    const { draws } = setting.options
    const rotatedDraws: Draws = {
      ...draws,
      fillSphere: (place, out) => {
        draws.fillSphere(place, out)
        inPlace(out)
      },
    }
    const actual = pathEnd(subject, instance.kind, {
      ...setting,
      start,
      model: conjugate(setting.model, 1, rotateBack, inPlace),
      options: rotatesDraws ? { ...setting.options, draws: rotatedDraws } : setting.options,
    })
    inPlace(expected)
    return close(expected, actual)
  },
  controls: [{ name: "directions that are not turned along", value: false }],
})

/** How the learning rates, the radius and the threshold grow with the factor. */
interface Powers {
  readonly rate: number
  readonly radius: number
  readonly threshold: number
}

/** The path of `weight f((x - shift) / scale)` under options scaled by powers of the factor, against the mapped path. */
const scaling = (
  name: string,
  statement: string,
  derivation: string,
  map: (f: number) => { readonly weight: number; readonly scale: number; readonly shift: number },
  value: Powers,
  wrong: { readonly name: string; readonly value: Powers },
  factors = instances,
): Law<Subject> =>
  claim({
    id: `flat-minima/${name}`,
    statement,
    inFloatingPoint: "agreement",
    source: derived(derivation),
    subject: flatMinima,
    instances: factors,
    value,
    margin: ({ instance, subject, value: powers }) => {
      const { factor: f, kind } = instance
      const { scale, shift, weight } = map(f)
      const setting = settingOf(instance)
      const expected = pathEnd(subject, kind, setting)
      const to = (x: number) => scale * x + shift
      const { options } = setting
      const actual = pathEnd(subject, kind, {
        start: setting.start.map(to),
        options: {
          draws: options.draws,
          learningRate: options.learningRate * Elementary.pow(f, powers.rate),
          plainLearningRate: options.plainLearningRate * Elementary.pow(f, powers.rate),
          radius: options.radius * Elementary.pow(f, powers.radius),
          gradientThreshold: options.gradientThreshold * Elementary.pow(f, powers.threshold),
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
    },
    controls: [wrong],
  })

export const scaleOfTheLoss = scaling(
  "scale-of-the-loss",
  "Where f becomes c f, both steps divided by c and the threshold times c give the same path.",
  "invariance under the unit of the loss",
  (f) => ({ weight: f, scale: 1, shift: 0 }),
  { rate: -1, radius: 0, threshold: 1 },
  { name: "steps as before", value: { rate: 0, radius: 0, threshold: 1 } },
  decades,
)
export const scaleOfTheParameters = scaling(
  "scale-of-the-parameters",
  "Where x becomes s x, steps times s^2, radius times s and threshold over s give the path times s.",
  "invariance under the unit of the parameters",
  (f) => ({ weight: 1, scale: f, shift: 0 }),
  { rate: 2, radius: 1, threshold: -1 },
  { name: "radius as before", value: { rate: 2, radius: 0, threshold: -1 } },
)
export const translation = scaling(
  "translation",
  "Both algorithms commute with translations.",
  "invariance under translations",
  (f) => ({ weight: 1, scale: 1, shift: f }),
  { rate: 0, radius: 0, threshold: 0 },
  { name: "a radius that grows with the shift", value: { rate: 0, radius: 1, threshold: 0 } },
)
