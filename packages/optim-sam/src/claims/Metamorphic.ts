/** How SAM and USAM transform with the loss and the variables: the normalisation decides how the radius does. */
import { Draw, type Law, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import type { Objective } from "@nonconvex/problems/Objective"
import { sgd } from "@nonconvex/problems/Sgd"
import { asam, pNormSam } from "../Sam.ts"
import * as Observe from "./Observe.ts"
import { derived } from "./Paper.ts"
import { expand, randomConvex, type RandomLoss } from "./RandomLoss.ts"
import {
  normalisedUsam,
  replacedBy,
  stepping,
  type Subject,
  withoutNormalisation,
} from "./Subject.ts"
import { symmetry } from "./Symmetry.ts"
import {
  copied,
  lengthUnits,
  lossUnits,
  padded,
  reflected,
  rotated,
  translated,
} from "./Transformation.ts"
import { within } from "./Within.ts"

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

const epsilonNorm = replacedBy(
  stepping((point, gradient, radius) => {
    const scale = radius / (Vector.norm(gradient) + 1e-12)
    return point.map((w, i) => w + scale * gradient[i]!)
  }),
)

/** Laws that hold of both methods alike. */
const common = methods.flatMap((method): ReadonlyArray<Law<Subject>> => [
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
])

const unchanged = () => 1
const inverse = (c: number) => 1 / c
const linear = (s: number) => s
const square = (s: number) => s * s

const lossScale = within([2, 10], [0.5, 0.1]).chain((mantissa) =>
  Draw.oneOf(1, 1e-3, 1e-6, 1e-12, 1e3, 1e6, 1e12).map((decade) => mantissa * decade),
)

const lengthScale = within([2, 10], [0.5, 0.1])

/** Laws in which the radius scales differently. */
const units: ReadonlyArray<Law<Subject>> = [
  symmetry({
    id: "optim-sam/sam-loss-scaling",
    statement:
      "Where the loss is multiplied by c and the learning rate divided by c, SAM takes the same path with the same radius.",
    method: "sam",
    strength: lossScale,
    transformation: lossUnits({ learningRate: inverse, radius: unchanged }),
    controls: [
      { name: "no normalisation", subject: withoutNormalisation },
      { name: "1e-12 added to the norm", subject: epsilonNorm },
      {
        name: "the radius divided as well",
        transformation: lossUnits({ learningRate: inverse, radius: inverse }),
      },
    ],
  }),
  symmetry({
    id: "optim-sam/usam-loss-scaling",
    statement:
      "Where the loss is multiplied by c and the learning rate divided by c, USAM takes the same path with its radius divided by c.",
    method: "usam",
    strength: lossScale,
    transformation: lossUnits({ learningRate: inverse, radius: inverse }),
    controls: [
      { name: "with the normalisation", subject: normalisedUsam },
      {
        name: "the radius unchanged",
        transformation: lossUnits({ learningRate: inverse, radius: unchanged }),
      },
    ],
  }),
  symmetry({
    id: "optim-sam/sam-length-scaling",
    statement:
      "Where the variables are multiplied by s, SAM takes the image of its path with the learning rate multiplied by s^2 and the radius by s.",
    method: "sam",
    strength: lengthScale,
    transformation: lengthUnits({ learningRate: square, radius: linear }),
    controls: [
      { name: "no normalisation", subject: withoutNormalisation },
      {
        name: "the radius multiplied by s^2",
        transformation: lengthUnits({ learningRate: square, radius: square }),
      },
      {
        name: "the learning rate multiplied by s",
        transformation: lengthUnits({ learningRate: linear, radius: linear }),
      },
    ],
  }),
  symmetry({
    id: "optim-sam/usam-length-scaling",
    statement:
      "Where the variables are multiplied by s, USAM takes the image of its path with the learning rate and the radius multiplied by s^2.",
    method: "usam",
    strength: lengthScale,
    transformation: lengthUnits({ learningRate: square, radius: square }),
    controls: [
      { name: "with the normalisation", subject: normalisedUsam },
      {
        name: "the radius multiplied by s",
        transformation: lengthUnits({ learningRate: square, radius: linear }),
      },
    ],
  }),
  symmetry({
    id: "optim-sam/sam-copies",
    statement:
      "On k independent copies of a loss from the same start, SAM with radius rho sqrt(k) takes in each the path of SAM with radius rho in one.",
    method: "sam",
    strength: Draw.integer(2, 4),
    transformation: copied(Math.sqrt),
    controls: [
      { name: "no normalisation", subject: withoutNormalisation },
      { name: "the radius unchanged", transformation: copied(unchanged) },
      { name: "the radius multiplied by k", transformation: copied(linear) },
    ],
  }),
  symmetry({
    id: "optim-sam/usam-copies",
    statement:
      "On k independent copies of a loss USAM takes in each the path that it takes in one.",
    method: "usam",
    strength: Draw.integer(2, 4),
    transformation: copied(unchanged),
    controls: [
      { name: "with the normalisation", subject: normalisedUsam },
      { name: "the radius multiplied by sqrt(k)", transformation: copied(Math.sqrt) },
    ],
  }),
]

interface Reshaped {
  readonly problem: RandomLoss
  readonly radius: number
  readonly reshaping: keyof typeof reshapings
}

/** Increasing functions of the loss, with their derivatives. */
const reshapings = {
  "L + L^2": [(loss: number) => loss + loss * loss, (loss: number) => 1 + 2 * loss],
  "log(1 + L)": [(loss: number) => Math.log1p(loss), (loss: number) => 1 / (1 + loss)],
  "3 L": [(loss: number) => 3 * loss, () => 3],
} as const

const reshaped = (objective: Objective, name: Reshaped["reshaping"]): Objective => {
  const [value, slope] = reshapings[name]
  return {
    ...objective,
    valueAndGradient: (x, gradient) => {
      const loss = objective.valueAndGradient(x, gradient)
      Vector.scale(slope(loss), gradient)
      return value(loss)
    },
  }
}

/** The perturbed point depends on the level sets alone. */
export const monotoneInvariance = law<Subject, Reshaped>({
  id: "optim-sam/sam-monotone-invariance",
  statement:
    "SAM perturbs to the same point for h(L) as for L, whatever the increasing function h.",
  source: derived("definition of SAM"),
  instances: Draw.record({
    problem: randomConvex(),
    radius: Draw.logarithmic(0.3, 1e-3),
    reshaping: Draw.oneOf("L + L^2", "log(1 + L)", "3 L"),
  }),
  margin: (subject, { problem, radius, reshaping }) => {
    const { objective, start } = expand(problem)
    const method = subject.sam(radius, 0)
    const expected = Observe.perturbed(method, objective, start)
    const found = Observe.perturbed(method, reshaped(objective, reshaping), start)
    return Margin.equal(Vector.distance(found, expected), 0, {
      absolute: 1e-13 * (Vector.norm(start) + radius),
    })
  },
  controls: [{ name: "no normalisation", subject: withoutNormalisation }],
})

interface Plain {
  readonly problem: RandomLoss
  readonly product: number
}

const tinyRadius = (subject: Subject): Subject => ({
  sam: (radius, rate) => subject.sam(radius + 1e-9, rate),
  usam: (radius, rate) => subject.usam(radius + 1e-9, rate),
})

/** Radius 0 is no special case. */
export const zeroRadius = law<Subject, Plain>({
  id: "optim-sam/zero-radius-is-gradient-descent",
  statement: "With radius 0 both SAM and USAM are gradient descent, bit for bit.",
  source: derived("definitions of SAM and USAM"),
  instances: Draw.record({ problem: randomConvex(), product: Draw.linear(1, 0.1) }),
  margin: (subject, { problem, product }) => {
    const { beta, objective, start } = expand(problem)
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

export const metamorphic: ReadonlyArray<Law<Subject>> = [
  ...common,
  ...units,
  monotoneInvariance,
  zeroRadius,
]
