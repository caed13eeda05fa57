/** Changes of variables that keep lengths, monotone changes of the loss, and a radius of 0, which is no special case. */
import { claim, Draw, type Law, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import type { Objective } from "@nonconvex/problems/Objective"
import { asam } from "@nonconvex/problems/Asam"
import { pNormSam } from "@nonconvex/problems/PNormSam"
import { sgd } from "@nonconvex/problems/Sgd"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomConvex } from "../support/RandomLoss.ts"
import {
  replacedBy,
  stepping,
  type Subject,
  withoutNormalisation,
  optimSam,
} from "../support/Subject.ts"
import { symmetry } from "../support/Symmetry.ts"
import { padded, reflected, rotated, translated } from "../support/Transformation.ts"

const names = { sam: "SAM", usam: "USAM" } as const

const methods = ["sam", "usam"] as const

const maximumNorm = replacedBy((radius, learningRate) =>
  pNormSam({ p: Number.POSITIVE_INFINITY, radius, base: sgd({ learningRate }) }),
)

const adaptive = replacedBy((radius, learningRate) => asam({ radius, base: sgd({ learningRate }) }))

const towardsPositive = replacedBy(
  stepping((point, gradient, radius) =>
    point.map((w, i) => w + (radius * Math.abs(gradient[i]!)) / Vector.norm(gradient)),
  ),
)

const meanSquareNorm = replacedBy(
  stepping((point, gradient, radius) => {
    const scale = (radius * Math.sqrt(gradient.length)) / Vector.norm(gradient)
    return point.map((w, i) => w + scale * gradient[i]!)
  }),
)

/** Laws that hold of both methods alike. */
export const equivariance: ReadonlyArray<Law<Subject>> = methods.flatMap(
  (method): ReadonlyArray<Law<Subject>> => [
    symmetry({
      id: `optim-sam/${method}-orthogonal-equivariance`,
      statement: `${names[method]} commutes with every orthogonal change of variables.`,
      method,
      transformation: rotated,
      controls: [{ name: "perturbation bounded in the maximum norm", subject: maximumNorm }],
    }),
    symmetry({
      id: `optim-sam/${method}-reflection-equivariance`,
      statement: `${names[method]} commutes with w -> -w, to the bit.`,
      method,
      transformation: reflected,
      tolerance: 0,
      controls: [{ name: "perturbation towards positive coordinates", subject: towardsPositive }],
    }),
    symmetry({
      id: `optim-sam/${method}-translation-invariance`,
      statement: `${names[method]} commutes with translations, and does not see a constant added to the loss.`,
      method,
      strength: Draw.logarithmic(1, 100),
      transformation: translated,
      controls: [{ name: "radius relative to the coordinates, as in ASAM", subject: adaptive }],
    }),
    symmetry({
      id: `optim-sam/${method}-ignores-irrelevant-coordinates`,
      statement: `Coordinates on which the loss does not depend change nothing in ${names[method]}, and are left as they are.`,
      method,
      strength: Draw.integer(1, 3),
      transformation: padded,
      controls: [{ name: "norm averaged over the coordinates", subject: meanSquareNorm }],
    }),
  ],
)

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

/** The perturbed point depends on the level sets alone. */
export const monotoneInvariance = claim({
  id: "optim-sam/sam-monotone-invariance",
  statement:
    "SAM perturbs to the same point for h(L) as for L, whatever the increasing function h.",
  inFloatingPoint: "agreement",
  source: derived("definition of SAM"),
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

const tinyRadius = (subject: Subject): Subject => ({
  sam: (radius, rate) => subject.sam(radius + 1e-9, rate),
  usam: (radius, rate) => subject.usam(radius + 1e-9, rate),
})

/** Radius 0 is no special case. */
export const zeroRadius = claim({
  id: "optim-sam/zero-radius-is-gradient-descent",
  statement: "With radius 0 both SAM and USAM are gradient descent, bit for bit.",
  inFloatingPoint: "bits",
  source: derived("definitions of SAM and USAM"),
  subject: optimSam,
  instances: Draw.record({ problem: randomConvex(), product: Draw.linear(1, 0.1) }),
  margin: ({ instance: { problem, product }, kernels, subject }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const learningRate = product / beta
    const descent = gradientMethod(sgd({ learningRate }))
    const expected = Observe.after(descent, objective, start, 5)
    const isSame = (make: Subject["sam"]) =>
      Observe.after(make(0, learningRate), objective, start, 5).every((w, i) =>
        Object.is(w, expected[i]),
      )
    return Margin.holds(isSame(subject.sam) && isSame(subject.usam))
  },
  controls: [{ name: "a radius of 1e-9", subject: tinyRadius }],
})
