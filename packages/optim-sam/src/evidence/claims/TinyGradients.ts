import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { asam } from "@nonconvex/problems/Asam"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { pNormSam } from "@nonconvex/problems/PNormSam"
import * as Perturbation from "@nonconvex/problems/Perturbation"
import { sam } from "@nonconvex/problems/Sam"
import { sgd } from "@nonconvex/problems/Sgd"
import type { SharpnessAwareState } from "@nonconvex/problems/SharpnessAware"
import { unifiedSam } from "@nonconvex/problems/UnifiedSam"
import { usam } from "@nonconvex/problems/Usam"
import { everyNth } from "../../methods/RadiusSchedule.ts"
import { recalled } from "../support/Paper.ts"

const p = 3

/** `sum_i a_i w_i`. */
const linear = (a: Float64Array): Objective => ({
  name: "linear",
  dimension: a.length,
  constants: {},
  valueAndGradient: (w, gradient) => {
    gradient.set(a)
    return Vector.dot(a, w)
  },
})

export const tinyGradients = claim<
  Readonly<Record<"first" | "second" | "radius" | "part", number>>,
  number
>({
  id: "optim-sam/tiny-gradients",
  statement:
    "If radius / norm overflows, SAM still perturbs by the radius. A zero gradient moves no member of the family, defaults are as documented, and steps without a radius are not perturbed.",
  inFloatingPoint: "agreement",
  extent: { dimension: 2 },
  source: Kind.identity(recalled("definitions of the methods")),
  instances: Draw.record({
    first: Draw.linear(1, 9),
    second: Draw.linear(-1, -9),
    radius: Draw.logarithmic(1e4, 1e6),
    /** Position in the family from USAM (0) to SAM (1). */
    part: Draw.linear(0, 1),
  }),
  value: 1,
  margin: ({ instance: { first, part, radius, second }, value: length }) => {
    const slope = Float64Array.of(first, second)
    const start = Float64Array.of(2, -3)
    const away = (perturbation: Perturbation.Perturbation, a: Float64Array) => {
      const out = new Float64Array(2)
      perturbation.perturb(perturbation.radius(0), 0, start, a, out)
      return out.map((x, i) => x - start[i]!)
    }
    const tiny = slope.map((x) => x * 1e-305)
    const climbed = away(Perturbation.normalised(radius), tiny)
    const expected = slope.map((x) => (length * radius * x) / Vector.norm(slope))
    const still = new Float64Array(2)
    const family = [
      Perturbation.normalised(radius),
      Perturbation.unified(radius, part),
      Perturbation.unified(radius, 0),
      Perturbation.adaptive(radius),
      Perturbation.pNorm(radius, p),
    ]
    const radiusOf = (method: Method<SharpnessAwareState>) => {
      const state = method.init(linear(slope), start)
      method.step(state)
      return state.radius
    }
    const base = sgd({ learningRate: 0 })
    const radii = [
      sam({ base }),
      usam({ base }),
      unifiedSam({ base, normalisation: part }),
      pNormSam({ base, p }),
    ].map(radiusOf)
    const schedule = everyNth(3, radius)
    return Margin.all(
      Margin.equal(Vector.distance(climbed, expected), 0, { absolute: 1e-9 * radius }),
      ...family.map((each) => Margin.equal(Vector.norm(away(each, still)), 0, { absolute: 0 })),
      Margin.equal(
        Vector.distance(
          away(Perturbation.unified(radius, 0), slope),
          slope.map((x) => radius * x),
        ),
        0,
        {
          absolute: 1e-9 * radius,
        },
      ),
      ...radii.map((found) => Margin.equal(found, 0.05, { absolute: 0 })),
      Margin.equal(radiusOf(asam({ base })), 0.5, { absolute: 0 }),
      Margin.holds([0, 1, 2, 3].every((t) => schedule(t) === (t === 0 || t === 3 ? radius : 0))),
    )
  },
  controls: [{ name: "half the radius", value: 0.5 }],
})
