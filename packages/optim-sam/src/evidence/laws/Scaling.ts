/** How the learning rate and the radius change with the units of the loss and of the variables: the normalisation decides how. */
import { Draw, type Law } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import {
  normalisedUsam,
  replacedBy,
  stepping,
  type Subject,
  withoutNormalisation,
} from "../support/Subject.ts"
import { symmetry } from "../support/Symmetry.ts"
import { copied, lengthUnits, lossUnits } from "../support/Transformation.ts"
import { within } from "../support/Within.ts"

const epsilonNorm = replacedBy(
  stepping((point, gradient, radius) => {
    const scale = radius / (Vector.norm(gradient) + 1e-12)
    return point.map((w, i) => w + scale * gradient[i]!)
  }),
)

const unchanged = () => 1
const inverse = (c: number) => 1 / c
const linear = (s: number) => s
const square = (s: number) => s * s

const lossScale = within([2, 10], [0.5, 0.1]).chain((mantissa) =>
  Draw.oneOf(1, 1e-3, 1e-6, 1e-12, 1e3, 1e6, 1e12).map((decade) => mantissa * decade),
)

const lengthScale = within([2, 10], [0.5, 0.1])

/** Laws in which the radius scales differently. */
export const scaling: ReadonlyArray<Law<Subject>> = [
  symmetry({
    id: "optim-sam/sam-loss-scaling",
    statement:
      "Where the loss is multiplied by c and the learning rate divided by c, SAM takes the same path with the same radius.",
    method: "sam",
    strength: lossScale,
    transformation: lossUnits(inverse, unchanged),
    controls: [
      { name: "no normalisation", subject: withoutNormalisation },
      { name: "1e-12 added to the norm", subject: epsilonNorm },
      { name: "the radius divided as well", value: lossUnits(inverse, inverse) },
    ],
  }),
  symmetry({
    id: "optim-sam/usam-loss-scaling",
    statement:
      "Where the loss is multiplied by c and the learning rate divided by c, USAM takes the same path with its radius divided by c.",
    method: "usam",
    strength: lossScale,
    transformation: lossUnits(inverse, inverse),
    controls: [
      { name: "with the normalisation", subject: normalisedUsam },
      { name: "the radius unchanged", value: lossUnits(inverse, unchanged) },
    ],
  }),
  symmetry({
    id: "optim-sam/sam-length-scaling",
    statement:
      "Where the variables are multiplied by s, SAM takes the image of its path with the learning rate multiplied by s^2 and the radius by s.",
    method: "sam",
    strength: lengthScale,
    transformation: lengthUnits(square, linear),
    controls: [
      { name: "no normalisation", subject: withoutNormalisation },
      { name: "the radius multiplied by s^2", value: lengthUnits(square, square) },
      { name: "the learning rate multiplied by s", value: lengthUnits(linear, linear) },
    ],
  }),
  symmetry({
    id: "optim-sam/usam-length-scaling",
    statement:
      "Where the variables are multiplied by s, USAM takes the image of its path with the learning rate and the radius multiplied by s^2.",
    method: "usam",
    strength: lengthScale,
    transformation: lengthUnits(square, square),
    controls: [
      { name: "with the normalisation", subject: normalisedUsam },
      { name: "the radius multiplied by s", value: lengthUnits(square, linear) },
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
      { name: "the radius unchanged", value: copied(unchanged) },
      { name: "the radius multiplied by k", value: copied(linear) },
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
      { name: "the radius multiplied by sqrt(k)", value: copied(Math.sqrt) },
    ],
  }),
]
