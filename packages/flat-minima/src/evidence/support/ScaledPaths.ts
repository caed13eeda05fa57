import { claim, Kind, type Law } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { derived } from "./Paper.ts"
import { close, conjugate, instances, pathEnd, settingOf } from "./Paths.ts"
import { flatMinima, type Subject } from "./Subject.ts"

/** Exponents of the factor for the learning rates, the radius and the threshold. */
interface Powers {
  readonly rate: number
  readonly radius: number
  readonly threshold: number
}

/** Compares the path of `weight f((x - shift) / scale)`, under options scaled by powers of the factor, with the mapped path. */
export const scaling = (
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
    source: Kind.identity(derived(derivation)),
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
