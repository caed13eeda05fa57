import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import * as Observe from "../support/Observe.ts"
import { recalled } from "../support/Paper.ts"
import { usamRun } from "../support/PolyakLojasiewicz.ts"
import { expandPl, tightPl } from "../support/RandomLoss.ts"
import { normalisedUsam, optimSam } from "../support/Subject.ts"

/** Runs in which the bounds for USAM are nearly attained. */
const tight = { problem: tightPl(), product: Draw.linear(1, 0.9) }

const tightRun = Draw.record({ ...tight, relativeRadius: Draw.linear(0.98, 0.5) })

const bounds = { fromLoss: Theory.usamPath, fromGradient: Theory.usamPathFromGradient }

/** Law on the sequence of a stuck USAM. */
export const plUsamPathBound = claim({
  id: "optim-sam/pl-usam-path-bound",
  statement:
    "On a beta-smooth loss under the mu-Polyak-Lojasiewicz inequality, let eta <= 1/beta and rho < 1/beta. The whole path of USAM is at most 2 sqrt(2 beta (L(w_0) - L*)) / (mu (1 - rho beta)) long. It is also at most 2 sqrt(beta / mu) |grad L(w_0)| / (mu (1 - rho beta)) long: near a minimum USAM gets stuck.",
  inFloatingPoint: "run",
  source: recalled("USAM stops near the first approximate minimum; the constants are derived here"),
  subject: optimSam,
  instances: usamRun,
  value: bounds,
  margin: ({
    instance: { problem, product, relativeRadius },
    kernels,
    subject,
    value: { fromGradient, fromLoss },
  }) => {
    const { beta, mu, objective, start } = expandPl(problem, kernels)
    const rho = relativeRadius / beta
    const gradient = new Float64Array(start.length)
    const gap = objective.valueAndGradient(start, gradient)
    const last = start.slice()
    let path = 0
    Observe.follow(subject.usam(rho, product / beta), objective, start, 1000, (point) => {
      const length = Vector.distance(point, last)
      path += length
      last.set(point)
      return length > 0 && length < 1e-13 * path ? "stop" : undefined
    })
    return Margin.all(
      Margin.atMost(path, fromLoss(gap, rho, mu, beta), 1e-9),
      Margin.atMost(path, fromGradient(Vector.norm(gradient), rho, mu, beta), 1e-9),
    )
  },
  controls: [
    { name: "with the normalisation", subject: normalisedUsam },
    {
      name: "half the bound from the loss",
      value: { ...bounds, fromLoss: times(0.5, bounds.fromLoss) },
      instances: tightRun,
    },
    {
      name: "half the bound from the gradient",
      value: { ...bounds, fromGradient: times(0.5, bounds.fromGradient) },
      instances: tightRun,
    },
  ],
})
