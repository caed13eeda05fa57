import { claim, Draw, Exact } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import {
  displacement,
  linearGain,
  maximiserMargin,
  plainAscent,
  relativeAscent,
} from "../support/LinearGain.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomConvex } from "../support/RandomLoss.ts"

const ascent = { problem: randomConvex(), radius: Draw.logarithmic(1, 1e-3) }

export const asamMaximisesLinearGain = claim({
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
