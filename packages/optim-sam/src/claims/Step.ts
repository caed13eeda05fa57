/** What one step does: the length of the perturbation, the bridge between SAM and USAM, the restored point. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { Vector } from "@nonconvex/numerics"
import type { Method, Objective } from "@nonconvex/problems"
import * as Observe from "./Observe.ts"
import { derived } from "./Paper.ts"
import { expand, type RandomQuadratic, randomQuadratic } from "./RandomQuadratic.ts"
import { type Subject, withoutNormalisation } from "./Subject.ts"

interface ScaledStep {
  readonly problem: RandomQuadratic
  readonly radius: number
  /** The gradient is multiplied by 10 to this power. */
  readonly decades: number
}

const scaledStep = Draw.record<ScaledStep>({
  problem: randomQuadratic(),
  radius: Draw.logarithmic(1, 1e-3),
  decades: Draw.integer(-150, 150),
})

const scaled = (objective: Objective, decades: number): Objective => ({
  ...objective,
  valueAndGradient: (x, gradient) => {
    const value = objective.valueAndGradient(x, gradient)
    Vector.scale(10 ** decades, gradient)
    return value
  },
})

/** A method that takes the perturbed point of `point + radius g / norm(g)` for a given norm. */
const withNorm =
  (norm: (gradient: Float64Array) => number): Subject["sam"] =>
  (radius, learningRate): Method => ({
    name: "control",
    init: (objective, start) => {
      const point = start.slice()
      const gradient = new Float64Array(start.length)
      const loss = objective.valueAndGradient(point, gradient)
      const scale = radius / norm(gradient)
      const perturbed = point.map((w, i) => w + scale * gradient[i]!)
      objective.valueAndGradient(perturbed, gradient)
      Vector.axpy(-learningRate, gradient, point)
      return { point, steps: 1, status: "running", loss }
    },
    step: (state) => state.point[0]!,
  })

/** S1: `|w_a - w| = rho` whatever the length of the gradient. */
export const stepLength = law<Subject, ScaledStep>({
  id: "optim-sam/normalised-step-length",
  statement:
    "SAM takes its second gradient at distance exactly rho from the point whenever the gradient is not zero, for gradients from 1e-150 to 1e150.",
  source: derived("definition of SAM"),
  instances: scaledStep,
  margin: (subject, { decades, problem, radius }) => {
    const { objective, start } = expand(problem)
    const visited = Observe.evaluations(subject.sam(radius, 0), scaled(objective, decades), start)
    const [point, perturbed] = [visited[0]!, visited[1]!]
    const unit = 2 ** -52 * Vector.maxAbs(point) * Math.sqrt(point.length)
    return Margin.equal(Vector.distance(perturbed, point), radius, {
      absolute: Math.max(1e-14 * radius, unit),
    })
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    {
      name: "1e-12 added to the norm",
      subject: (subject) => ({ ...subject, sam: withNorm((g) => Vector.norm(g) + 1e-12) }),
    },
    {
      name: "norm as the root of a plain sum of squares",
      subject: (subject) => ({
        ...subject,
        sam: withNorm((g) => Math.sqrt(g.reduce((sum, x) => sum + x * x, 0))),
      }),
    },
  ],
})
