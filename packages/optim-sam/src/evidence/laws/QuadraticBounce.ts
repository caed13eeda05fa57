import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import { derived } from "../support/Paper.ts"
import { separated, settle } from "../support/QuadraticBounces.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

/** The bouncing of SAM. */
export const quadraticBounce = claim({
  id: "optim-sam/quadratic-bounce",
  statement:
    "On a quadratic with a simple top eigenvalue lambda and 0 < eta lambda < 2, SAM ends in an orbit along the top eigenvector from almost every start. The orbit is +-eta rho lambda / (2 - eta lambda).",
  inFloatingPoint: "run",
  source: derived("the bouncing of SAM, with its amplitude"),
  subject: optimSam,
  instances: Draw.record({ ...separated, radius: Draw.logarithmic(1, 1e-3) }),
  value: Theory.bounceAmplitude,
  margin: ({ instance, kernels, subject, value: amplitude }) => {
    const { next, point, topEigenvector } = settle(subject, instance, instance.radius, kernels)
    const expected = amplitude(instance.product / instance.top, instance.radius, instance.top)
    const coordinate = Vector.dot(point, topEigenvector)
    const along = topEigenvector.map((v) => coordinate * v)
    const tolerance = { absolute: 1e-6 * expected }
    return Margin.all(
      Margin.equal(Math.abs(coordinate), expected, tolerance),
      Margin.equal(Vector.distance(point, along), 0, tolerance),
      Margin.equal(
        Vector.distance(
          next,
          point.map((w) => -w),
        ),
        0,
        tolerance,
      ),
    )
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    { name: "twice the amplitude", value: times(2, Theory.bounceAmplitude) },
    {
      name: "amplitude for small learning rates, eta rho lambda / 2",
      value: (eta, rho, lambda) => (eta * rho * lambda) / 2,
    },
    {
      name: "a top eigenvalue that is not simple",
      instances: Draw.record({
        ...separated,
        ratios: Draw.list(Draw.oneOf(1), 1, 5),
        radius: Draw.logarithmic(1, 1e-3),
      }),
    },
  ],
})
