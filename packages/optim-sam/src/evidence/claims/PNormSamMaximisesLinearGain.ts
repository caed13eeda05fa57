import { claim, Draw } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method } from "@nonconvex/problems/Method"
import { pNormSam } from "@nonconvex/problems/PNormSam"
import { base, displacement, maximiserMargin, plainAscent } from "../support/LinearGain.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomConvex } from "../support/RandomLoss.ts"

const ascent = { problem: randomConvex(), radius: Draw.logarithmic(1, 1e-3) }

/** `|e|_p`, for p up to Infinity. */
const pNormOf = (e: Float64Array, p: number): number => {
  const largest = Vector.maxAbs(e)
  if (p === Number.POSITIVE_INFINITY || largest === 0) return largest
  return (
    largest *
    Elementary.pow(
      e.reduce((sum, x) => sum + Elementary.pow(Math.abs(x) / largest, p), 0),
      1 / p,
    )
  )
}

export const pNormSamMaximisesLinearGain = claim({
  id: "optim-sam/p-norm-sam-maximises-linear-gain",
  statement:
    "The perturbation e of p-norm SAM maximises <grad L(w), e> over |e|_p <= rho: it has |e|_p = rho and gains rho |grad L(w)|_q with 1/p + 1/q = 1.",
  inFloatingPoint: "functions",
  source: derived("Foret, Kleiner, Mobahi, Neyshabur 2021, equation 2 (as recalled)"),
  instances: Draw.record({
    ...ascent,
    radius: Draw.logarithmic(1, 0.1),
    p: Draw.oneOf<number | "Infinity">(2, 1.5, 3, 4, 1.2, 10, "Infinity"),
  }),
  value: (radius: number, p: number): Method => pNormSam({ radius, p, base }),
  margin: ({ instance: { p: given, problem, radius }, kernels, value: make }) => {
    const p = Number(given)
    const q = p === Number.POSITIVE_INFINITY ? 1 : p / (p - 1)
    const { objective, start } = expand(problem, kernels)
    const gradient = Observe.gradientAt(objective, start)
    const e = displacement(make(radius, p), objective, start)
    return maximiserMargin(gradient, e, {
      radius,
      length: pNormOf(e, p),
      dual: pNormOf(gradient, q),
    })
  },
  controls: [
    { name: "SAM", value: plainAscent },
    {
      name: "the dual exponent",
      value: (radius, p) =>
        pNormSam({ radius, p: p === Number.POSITIVE_INFINITY ? 1.0001 : p / (p - 1), base }),
    },
  ],
})
