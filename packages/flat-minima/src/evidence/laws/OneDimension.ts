import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { sgd } from "@nonconvex/problems/Sgd"
import { fixed } from "../support/Moves.ts"
import { derived } from "../support/Paper.ts"
import { onSphere } from "../support/Random.ts"
import { smoothModel } from "../support/SmoothModel.ts"
import { flatMinima } from "../support/Subject.ts"

export const oneDimension = claim({
  id: "flat-minima/one-dimension",
  statement: "In dimension 1 the smoothed perturbation is gradient descent, bit for bit.",
  inFloatingPoint: "bits",
  extent: { dimension: 1 },
  source: Kind.identity(derived("nothing is orthogonal to the gradient")),
  subject: flatMinima,
  instances: Draw.record({
    seed: Draw.seed(),
    radius: Draw.logarithmic(0.5, 1e-3),
    learningRate: Draw.logarithmic(0.05, 1e-3),
  }),
  value: 1,
  margin: ({
    instance: { learningRate, radius, seed },
    subject: { smoothed },
    value: dimension,
  }) => {
    const { objective, point } = smoothModel({ dimension, radius, seed, terms: 2 })
    const direction = onSphere(seed, "sphere", dimension)
    const method = smoothed({
      learningRate,
      plainLearningRate: learningRate,
      radius,
      gradientThreshold: Number.POSITIVE_INFINITY,
      draws: fixed(direction),
    })
    const plain = gradientMethod(sgd({ learningRate }))
    const ours = method.init(objective, point)
    const theirs = plain.init(objective, point)
    for (let t = 0; t < 20; t++) {
      method.step(ours)
      plain.step(theirs)
    }
    return Margin.holds(ours.point.every((value, j) => value === theirs.point[j]!))
  },
  controls: [{ name: "dimension 2", value: 2 }],
})
