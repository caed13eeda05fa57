import { claim, Draw, Exact, Kind, Margin } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomStronglyConvex.ts"
import { singleStep } from "../support/SingleStep.ts"
import { optimSam, type Subject } from "../support/Subject.ts"

type RadiusOf = (radius: number, norm: number) => number

/**
 * End points of a step of USAM and of a step of SAM with the radius `radiusOf(rho, |g|)`, and the rounding error allowed for
 * their distance.
 */
const stepped = (
  subject: Subject,
  { problem, product, radius }: Draw.Drawn<typeof singleStep>,
  kernels: Kernels,
  radiusOf: RadiusOf,
) => {
  const { beta, objective, start } = expand(problem, kernels)
  const rate = product / beta
  const norm = Vector.norm(Observe.gradientAt(objective, start))
  const moved = Observe.after(subject.usam(radius, rate), objective, start, 1)
  const expected = Observe.after(subject.sam(radiusOf(radius, norm), rate), objective, start, 1)
  const absolute = 1e-13 * (Vector.norm(start) + Vector.norm(expected))
  return { absolute, expected, moved }
}

/** `usam(rho) = sam(rho |g|)`. */
export const usamIsSamOfGradientLength = claim({
  id: "optim-sam/usam-is-sam-of-gradient-length",
  statement: "A step of USAM with radius rho is the step of SAM with radius rho |grad L(w)|.",
  source: Kind.identity(derived("definitions of SAM and USAM")),
  subject: optimSam,
  instances: singleStep,
  value: (radius: number, norm: number) => radius * norm,
  margin: ({ instance, kernels, subject, value: radiusOf }) => {
    const { absolute, expected, moved } = stepped(subject, instance, kernels, radiusOf)
    return Margin.equal(Vector.distance(moved, expected), 0, { absolute })
  },
  exactly: ({ instance, kernels, subject, value: radiusOf }) => {
    const { absolute, expected, moved } = stepped(subject, instance, kernels, radiusOf)
    return Exact.atMost(Exact.sqrt(Exact.squaredDistance(moved, expected)), Exact.of(absolute))
  },
  controls: [
    { name: "the radius itself", value: (radius) => radius },
    { name: "the squared norm", value: (radius, norm) => radius * (norm * norm) },
    {
      name: "USAM with half the radius",
      subject: (subject) => ({
        ...subject,
        usam: (radius, rate) => subject.usam(radius / 2, rate),
      }),
    },
  ],
})
