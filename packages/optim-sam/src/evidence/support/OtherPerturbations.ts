import * as Vector from "@nonconvex/numerics/Vector"
import { asam } from "@nonconvex/problems/Asam"
import { pNormSam } from "@nonconvex/problems/PNormSam"
import { sgd } from "@nonconvex/problems/Sgd"
import { replacedBy, stepping } from "./Subject.ts"

export const maximumNorm = replacedBy((radius, learningRate) =>
  pNormSam({ p: Number.POSITIVE_INFINITY, radius, base: sgd({ learningRate }) }),
)

export const adaptive = replacedBy((radius, learningRate) =>
  asam({ radius, base: sgd({ learningRate }) }),
)

export const towardsPositive = replacedBy(
  stepping((point, gradient, radius) =>
    point.map((w, i) => w + (radius * Math.abs(gradient[i]!)) / Vector.norm(gradient)),
  ),
)

export const meanSquareNorm = replacedBy(
  stepping((point, gradient, radius) => {
    const scale = (radius * Math.sqrt(gradient.length)) / Vector.norm(gradient)
    return point.map((w, i) => w + scale * gradient[i]!)
  }),
)
