/** The relatives of SAM: adaptive, in other norms, between SAM and USAM, with repeated ascent. About this package's methods. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { sgd } from "@nonconvex/problems/Sgd"
import { asam } from "@nonconvex/problems/Asam"
import { pNormSam } from "@nonconvex/problems/PNormSam"
import { sam } from "@nonconvex/problems/Sam"
import { unifiedSam } from "@nonconvex/problems/UnifiedSam"
import { usam } from "@nonconvex/problems/Usam"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, normals, randomConvex } from "../support/RandomLoss.ts"

const base = sgd({ learningRate: 0 })

const ascent = { problem: randomConvex(), radius: Draw.logarithmic(1, 1e-3) }

const plainAscent = (radius: number): Method => sam({ radius, base })

const relativeAscent = (radius: number): Method => asam({ radius, base, offset: 0 })

const offsetAscent = (radius: number): Method => asam({ radius, base, offset: 0.01 })

const stretched = (objective: Objective, scales: Float64Array): Objective => ({
  ...objective,
  descend: undefined,
  valueAndGradient: (v, gradient) => {
    const value = objective.valueAndGradient(
      v.map((x, i) => x / scales[i]!),
      gradient,
    )
    for (let i = 0; i < gradient.length; i++) gradient[i]! /= scales[i]!
    return value
  },
})

export const adaptiveRescaling = claim({
  id: "optim-sam/asam-rescaling-invariance",
  statement:
    "Where the coordinates are rescaled by a positive diagonal matrix and the loss with them, the perturbed point of ASAM with offset 0 is rescaled alike, so that its loss does not change.",
  inFloatingPoint: "agreement",
  source: derived(
    "Kwon, Kim, Park, Choi 2021 (as recalled): adaptive sharpness is scale invariant",
  ),
  instances: Draw.record(ascent),
  value: relativeAscent,
  margin: ({ instance: { problem, radius }, kernels, value: make }) => {
    const { objective, start } = expand(problem, kernels)
    const scales = normals(problem.seed, "scales", start.length).map(Elementary.exp)
    const image = (point: Float64Array) => point.map((x, i) => scales[i]! * x)
    const expected = image(Observe.perturbed(make(radius), objective, start))
    const found = Observe.perturbed(make(radius), stretched(objective, scales), image(start))
    return Margin.equal(Vector.distance(found, expected), 0, {
      absolute: 1e-12 * Vector.norm(expected),
    })
  },
  controls: [
    { name: "SAM", value: plainAscent },
    { name: "an offset of 0.01", value: offsetAscent },
  ],
})

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

const linearGain = { relative: 1e-9 }

/** The margin that a perturbation has length `radius` and gains `radius` times the dual norm of the gradient. */
const maximiserMargin = (
  gradient: Float64Array,
  perturbation: Float64Array,
  lengths: { readonly radius: number; readonly length: number; readonly dual: number },
): Margin.Comparison =>
  Margin.all(
    Margin.equal(lengths.length, lengths.radius, linearGain),
    Margin.equal(Vector.dot(gradient, perturbation), lengths.radius * lengths.dual, linearGain),
  )

const displacement = (method: Method, objective: Objective, start: Float64Array) =>
  Observe.perturbed(method, objective, start).map((w, i) => w - start[i]!)

export const adaptiveMaximiser = claim({
  id: "optim-sam/asam-maximises-linear-gain",
  statement:
    "The perturbation e of ASAM with offset 0 maximises <grad L(w), e> over |T^-1 e| <= rho with T = diag |w_i|: it has |T^-1 e| = rho and gains rho |T grad L(w)|.",
  source: derived("Kwon, Kim, Park, Choi 2021 (as recalled), solved for the maximiser"),
  instances: Draw.record({ ...ascent, radius: Draw.logarithmic(1, 0.1) }),
  value: relativeAscent,
  margin: ({ instance: { problem, radius }, kernels, value: make }) => {
    const { objective, start } = expand(problem, kernels)
    const gradient = Observe.gradientAt(objective, start)
    const widths = start.map(Math.abs)
    const e = displacement(make(radius), objective, start)
    return maximiserMargin(gradient, e, {
      radius,
      length: Vector.norm(e.map((x, i) => x / widths[i]!)),
      dual: Vector.norm(gradient.map((x, i) => x * widths[i]!)),
    })
  },
  exactly: ({ instance: { problem, radius }, kernels, value: make }) => {
    const { objective, start } = expand(problem, kernels)
    const gradient = Exact.vector(Observe.gradientAt(objective, start))
    const from = Exact.vector(start)
    const widths = from.map(Exact.absolute)
    const reached = Exact.vector(Observe.perturbed(make(radius), objective, start))
    const e = reached.map((x, i) => Exact.subtract(x, from[i]!))
    const rho = Exact.of(radius)
    const dual = Exact.norm(gradient.map((x, i) => Exact.multiply(x, widths[i]!)))
    return Exact.worst(
      Exact.near(Exact.norm(e.map((x, i) => Exact.divide(x, widths[i]!))), rho, linearGain),
      Exact.near(Exact.dot(gradient, e), Exact.multiply(rho, dual), linearGain),
    )
  },
  controls: [
    { name: "SAM", value: plainAscent, instances: Draw.record(ascent) },
    {
      name: "half the radius",
      value: (radius) => relativeAscent(radius / 2),
      instances: Draw.record(ascent),
    },
  ],
})

export const pNormMaximiser = claim({
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

export const unifiedInterpolates = claim({
  id: "optim-sam/unified-sam-interpolates",
  statement:
    "The perturbation of the unified family at lambda is lambda times SAM's plus 1 - lambda times USAM's.",
  inFloatingPoint: "agreement",
  source: derived("Oikonomou and Loizou 2025, definition"),
  instances: Draw.record({ ...ascent, /** Share of SAM. */ share: Draw.linear(0.5, 0) }),
  value: (share: number) => share,
  margin: ({ instance: { problem, radius, share }, kernels, value: weight }) => {
    const { objective, start } = expand(problem, kernels)
    const of = (method: Method) => displacement(method, objective, start)
    const both = [of(sam({ radius, base })), of(usam({ radius, base }))] as const
    const lambda = weight(share)
    const expected = both[0].map((e, i) => lambda * e + (1 - lambda) * both[1][i]!)
    const found = of(unifiedSam({ radius, base, normalisation: share }))
    return Margin.equal(Vector.distance(found, expected), 0, {
      absolute: 1e-13 * (Vector.norm(start) + Vector.norm(both[0]) + Vector.norm(both[1])),
    })
  },
  controls: [{ name: "the shares exchanged", value: (share) => 1 - share }],
})
