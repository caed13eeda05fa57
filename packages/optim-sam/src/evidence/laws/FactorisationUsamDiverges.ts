import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { type Descent, expand, objective } from "../support/FactorisationDescent.ts"
import * as Observe from "../support/Observe.ts"
import { recalled } from "../support/Paper.ts"
import { normalisedUsam, optimSam, type Subject } from "../support/Subject.ts"
import { within } from "../support/Within.ts"

/** y0 / x0. */
const slope = within([1.5, 1.05], [1.5, 1.95])

/** End points of two steps of USAM, and their starts. */
const twoSteps = (
  subject: Subject,
  instance: Pick<Descent, "slope" | "x"> & { readonly multiple: number },
) => {
  const { eta, start } = expand(instance)
  const method = subject.usam(instance.multiple * eta, eta)
  return { reached: Observe.after(method, objective, start, 2), start }
}

export const factorisationUsamDiverges = claim({
  id: "optim-sam/factorisation-usam-diverges",
  statement:
    "On (xy)^2/2 from 2 x0 > y0 > x0 >= 5 and with eta = 1/(x0^2 + y0^2), USAM diverges for rho >= 15 eta: two steps move it a million times farther away.",
  extent: { dimension: 2 },
  source: recalled("Theorem 2, USAM"),
  subject: optimSam,
  instances: Draw.record({
    x: Draw.linear(5, 30),
    slope,
    /** The radius as a multiple of the learning rate. */
    multiple: Draw.logarithmic(15, 100),
  }),
  margin: ({ instance, subject }) => {
    const { reached, start } = twoSteps(subject, instance)
    return Margin.of(
      "distance from the origin after two steps",
      Margin.atLeast(Vector.norm(reached), 1e6 * Vector.norm(start)),
    )
  },
  exactly: ({ instance, subject }) => {
    const { reached, start } = twoSteps(subject, instance)
    const origin = new Float64Array(2)
    return Exact.atLeast(
      Exact.squaredDistance(reached, origin),
      Exact.multiply(Exact.of(1e12), Exact.squaredDistance(start, origin)),
    )
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    {
      name: "a radius of at most eta",
      instances: Draw.record({ x: Draw.linear(5, 30), slope, multiple: Draw.linear(1, 0) }),
    },
  ],
})
