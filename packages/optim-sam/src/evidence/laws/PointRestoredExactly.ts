import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomStronglyConvex.ts"
import { singleStep } from "../support/SingleStep.ts"
import { optimSam, replacedBy, stepping, type Subject } from "../support/Subject.ts"

const ascent = (gradient: Float64Array, radius: number): number => radius / Vector.norm(gradient)

/** SAM as implemented in many libraries: the perturbation is added to the point and then subtracted. */
const restoredBySubtraction = stepping(
  (point, gradient, radius) => {
    Vector.axpy(ascent(gradient, radius), gradient, point)
    return point
  },
  (point, gradient, radius) => Vector.axpy(-ascent(gradient, radius), gradient, point),
)

/** The perturbation is undone exactly. */
export const pointRestoredExactly = claim({
  id: "optim-sam/point-restored-exactly",
  statement:
    "With a learning rate of 0, a step of SAM or USAM leaves the point unchanged, bit for bit.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("definitions of SAM and USAM")),
  subject: optimSam,
  instances: singleStep,
  margin: ({ instance: { problem, radius }, kernels, subject }) => {
    const { objective, start } = expand(problem, kernels)
    const isKept = (make: Subject["sam"]) => {
      const point = Observe.after(make(radius, 0), objective, start, 1)
      return point.every((w, i) => Object.is(w, start[i]))
    }
    return Margin.holds(isKept(subject.sam) && isKept(subject.usam))
  },
  controls: [{ name: "restored by subtraction", subject: replacedBy(restoredBySubtraction) }],
})
