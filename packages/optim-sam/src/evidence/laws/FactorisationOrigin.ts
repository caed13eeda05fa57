/** The scalar factorisation `(x y)^2 / 2` from far away: USAM diverges where SAM reaches the origin. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import { arrival } from "../support/Arrival.ts"
import * as Observe from "../support/Observe.ts"
import { corrected, recalled } from "../support/Paper.ts"
import {
  normalisedUsam,
  type Subject,
  withoutNormalisation,
  withoutPerturbation,
  optimSam,
} from "../support/Subject.ts"
import { within } from "../support/Within.ts"

const objective = scalarFactorisation()

/** y0 / x0. */
const slope = within([1.5, 1.05], [1.5, 1.95])

/** A start with `2 x0 > y0 > x0`, and with it the learning rate `1 / (x0^2 + y0^2)`. */
const expand = ({ slope: ratio, x }: Pick<Descent, "slope" | "x">) => ({
  start: Float64Array.of(x, ratio * x),
  eta: 1 / (x * x * (1 + ratio * ratio)),
})

/** Where two steps of USAM end, and where they start. */
const twoSteps = (
  subject: Subject,
  instance: Pick<Descent, "slope" | "x"> & { readonly multiple: number },
) => {
  const { eta, start } = expand(instance)
  const method = subject.usam(instance.multiple * eta, eta)
  return { reached: Observe.after(method, objective, start, 2), start }
}

export const usamDiverges = claim({
  id: "optim-sam/factorisation-usam-diverges",
  statement:
    "On (xy)^2/2 from 2 x0 > y0 > x0 >= 5 and with eta = 1/(x0^2 + y0^2), USAM diverges for rho >= 15 eta: two steps take it a million times farther out.",
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
    return Margin.atLeast(Vector.norm(reached), 1e6 * Vector.norm(start))
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

export const besideDiagonal = Draw.record({
  x: Draw.logarithmic(10, 1),
  slope: Draw.linear(1.01, 1.1),
  /** The radius as a fraction of x0. */
  fraction: Draw.logarithmic(0.3, 0.1),
})
type Descent = Draw.Drawn<typeof besideDiagonal>

/** The margin that SAM comes a million times nearer to the origin within 40 / (eta rho^2) steps. */
export const originMargin = (subject: Subject, instance: Descent): Margin.Comparison => {
  const { eta, start } = expand(instance)
  const radius = instance.fraction * instance.x
  return arrival(subject.sam(radius, eta), objective, start, {
    budget: 40 / (eta * radius * radius),
    goal: 1e-6 * Vector.norm(start),
  })
}

/** The other half of Theorem 2, away from the diagonal. */
export const samReachesOrigin = claim({
  id: "optim-sam/factorisation-sam-reaches-origin",
  statement:
    "On (xy)^2/2 from 1.95 x0 > y0 > 1.05 x0 and with eta = 1/(x0^2 + y0^2), SAM with rho <= 0.2 x0 converges to the origin, the flattest minimum: within 40 / (eta rho^2) steps it is a million times nearer.",
  inFloatingPoint: "run",
  source: corrected("Theorem 2, SAM, away from the diagonal"),
  subject: optimSam,
  instances: Draw.record({
    x: Draw.logarithmic(10, 1),
    slope,
    fraction: Draw.logarithmic(0.2, 0.03),
  }),
  margin: ({ instance, subject }) => originMargin(subject, instance),
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "gradient descent", subject: withoutPerturbation },
    { name: "starts beside the diagonal", instances: besideDiagonal },
  ],
})
