/** How SAM and USAM commute with changes of variables that keep lengths. */
import { Draw, type Law } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { asam, pNormSam } from "@nonconvex/problems/Sam"
import { sgd } from "@nonconvex/problems/Sgd"
import { replacedBy, stepping, type Subject } from "../support/Subject.ts"
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
      fails: [{ name: "perturbation bounded in the maximum norm", subject: maximumNorm }],
    }),
    symmetry({
      id: `optim-sam/${method}-reflection-equivariance`,
      statement: `${names[method]} commutes with w -> -w, to the bit.`,
      method,
      transformation: reflected,
      tolerance: 0,
      fails: [{ name: "perturbation towards positive coordinates", subject: towardsPositive }],
    }),
    symmetry({
      id: `optim-sam/${method}-translation-invariance`,
      statement: `${names[method]} commutes with translations, and does not see a constant added to the loss.`,
      method,
      strength: Draw.logarithmic(1, 100),
      transformation: translated,
      fails: [{ name: "radius relative to the coordinates, as in ASAM", subject: adaptive }],
    }),
    symmetry({
      id: `optim-sam/${method}-ignores-irrelevant-coordinates`,
      statement: `Coordinates on which the loss does not depend change nothing in ${names[method]}, and are left as they are.`,
      method,
      strength: Draw.integer(1, 3),
      transformation: padded,
      fails: [{ name: "norm averaged over the coordinates", subject: meanSquareNorm }],
    }),
  ],
)
