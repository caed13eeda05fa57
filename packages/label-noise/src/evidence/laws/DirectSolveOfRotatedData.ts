import { claim, Kind } from "@nonconvex/evidence"
import { type Image, margin } from "../support/DirectSolveImage.ts"
import { derived } from "../support/Paper.ts"
import { type Expanded, problems } from "../support/RandomNetwork.ts"
import { ours } from "../support/Subject.ts"
import { rotated } from "../support/Transformations.ts"

const instances = problems()

const wide = problems({ extra: 2 })

const rotation = (expanded: Expanded): Image => {
  const { network, rotate } = rotated(expanded)
  return { network, theta: rotate(expanded.theta), limit: rotate }
}

export const directSolveOfRotatedData = claim({
  id: "label-noise/direct-solve-of-rotated-data",
  statement: "The direct solve on rotated data from rotated neurons is the rotated limit.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("rotation in the direct solve")),
  subject: ours,
  instances,
  value: rotation,
  margin,
  controls: [
    {
      name: "neurons not rotated",
      value: (expanded) => ({ ...rotation(expanded), theta: expanded.theta }),
      instances: wide,
    },
  ],
})
