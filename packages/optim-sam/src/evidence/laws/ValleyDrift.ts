/** Valleys `a(x) y^2 / 2`: SAM drifts along the minima towards the flattest, gradient descent and USAM freeze. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { advance } from "@nonconvex/problems/Advance"
import { valley } from "@nonconvex/problems/Valley"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import { derived } from "../support/Paper.ts"
import { optimSam, withoutNormalisation, withoutPerturbation } from "../support/Subject.ts"

const settling = 600

const window = 200

export const valleyDrift = claim({
  id: "optim-sam/valley-drift",
  statement:
    "In the valley a(x) y^2 / 2 with a > 0 and eta a < 2, SAM settles at |y| = eta rho a / (2 - eta a). It then drifts down the curvature, by x <- x - (eta rho^2 / 2) (2 / (2 - eta a))^2 a'(x).",
  inFloatingPoint: "run",
  extent: { dimension: 2 },
  source: derived("the drift of Wen, Ma, Li 2023 with its finite-step correction"),
  subject: optimSam,
  instances: Draw.record({
    /** The curvature is `base + amplitude sin x`. */
    base: Draw.linear(1.5, 3),
    /** `amplitude / (base - 1/2)`. */
    waviness: Draw.linear(0.5, -0.95),
    /** Learning rate times the largest curvature. */
    product: Draw.linear(1, 0.3),
    radius: Draw.logarithmic(0.1, 0.01),
    x: Draw.linear(0.5, -1),
  }),
  value: Theory.valleyDrift,
  margin: ({
    instance: { base, product, radius, waviness, x },
    kernels,
    subject,
    value: drift,
  }) => {
    const amplitude = waviness * (base - 0.5)
    const eta = product / (base + Math.abs(amplitude))
    const method = subject.sam(radius, eta)
    const state = method.init(valley({ base, amplitude }), Float64Array.of(x, 0.3))
    advance(method, [state], settling, { kernels })
    const before = state.point[0]!
    advance(method, [state], window, { kernels })
    let expected = before
    for (let t = 0; t < window; t++) {
      const curvature = base + amplitude * Elementary.sin(expected)
      expected += drift(eta, radius, curvature, amplitude * Elementary.cos(expected))
    }
    return Margin.equal(state.point[0]! - before, expected - before, {
      relative: 0.01,
      absolute: 1e-9,
    })
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "twice the drift", value: times(2, Theory.valleyDrift) },
    {
      name: "the drift for small learning rates",
      value: (eta, rho, _a, slope) => -0.5 * eta * rho * rho * slope,
    },
    { name: "gradient descent", subject: withoutPerturbation },
  ],
})
