import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { asam } from "@nonconvex/problems/Asam"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { base, plainAscent, relativeAscent } from "../support/LinearGain.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, normals, randomConvex } from "../support/RandomLoss.ts"

const ascent = { problem: randomConvex(), radius: Draw.logarithmic(1, 1e-3) }

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

export const asamRescalingInvariance = claim({
  id: "optim-sam/asam-rescaling-invariance",
  statement:
    "If the coordinates are rescaled by a positive diagonal matrix and the loss with them, the perturbed point of ASAM with offset 0 is rescaled equally, so its loss does not change.",
  inFloatingPoint: "agreement",
  source: Kind.identity(
    derived("Kwon, Kim, Park, Choi 2021 (as recalled): adaptive sharpness is scale invariant"),
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
