import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomConvex } from "../support/RandomLoss.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

/** Increasing functions of the loss, with their derivatives. */
const reshapings = {
  "L + L^2": [(loss: number) => loss + loss * loss, (loss: number) => 1 + 2 * loss],
  "log(1 + L)": [(loss: number) => Elementary.log1p(loss), (loss: number) => 1 / (1 + loss)],
  "3 L": [(loss: number) => 3 * loss, () => 3],
} as const

const reshaped = (objective: Objective, name: keyof typeof reshapings): Objective => {
  const [value, slope] = reshapings[name]
  return {
    ...objective,
    descend: undefined,
    valueAndGradient: (x, gradient) => {
      const loss = objective.valueAndGradient(x, gradient)
      Vector.scale(slope(loss), gradient)
      return value(loss)
    },
  }
}

/** The perturbed point depends only on the level sets. */
export const samMonotoneInvariance = claim({
  id: "optim-sam/sam-monotone-invariance",
  statement: "SAM perturbs to the same point for h(L) as for L, for every increasing function h.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("definition of SAM")),
  subject: optimSam,
  instances: Draw.record({
    problem: randomConvex(),
    radius: Draw.logarithmic(0.3, 1e-3),
    reshaping: Draw.oneOf("L + L^2", "log(1 + L)", "3 L"),
  }),
  margin: ({ instance: { problem, radius, reshaping }, kernels, subject }) => {
    const { objective, start } = expand(problem, kernels)
    const method = subject.sam(radius, 0)
    const expected = Observe.perturbed(method, objective, start)
    const found = Observe.perturbed(method, reshaped(objective, reshaping), start)
    return Margin.equal(Vector.distance(found, expected), 0, {
      absolute: 1e-13 * (Vector.norm(start) + radius),
    })
  },
  controls: [{ name: "no normalisation", subject: withoutNormalisation }],
})
