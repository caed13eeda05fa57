import { claim, Kind } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { type Image, margin } from "../support/DirectSolveImage.ts"
import { derived } from "../support/Paper.ts"
import { type Expanded, problems } from "../support/RandomNetwork.ts"
import { ours } from "../support/Subject.ts"

const instances = problems()

const wide = problems({ extra: 2 })

/** Another start that differs by combinations of the data, and if `isFree` also in other directions. */
const elsewhere =
  (isFree: boolean) =>
  ({ network, stream, theta }: Expanded): Image => {
    const { dimension: d, features, neurons: m, size: n } = network
    const noise = stream("start")
    const start = theta.map((value) => value + (isFree ? noise.normal() : 0))
    for (let j = 0; j < m; j++) {
      for (let i = 0; i < n; i++) {
        const row = features.subarray(i * d, (i + 1) * d)
        Vector.axpy(noise.normal(), row, start.subarray(j * d, (j + 1) * d))
      }
    }
    return { network, theta: start, limit: (end) => end }
  }

export const directSolveForgetsItsStart = claim({
  id: "label-noise/direct-solve-forgets-its-start",
  statement:
    "The direct solve depends on its start only through the components orthogonal to the data.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("independence of the start in the span of the data")),
  subject: ours,
  instances,
  value: elsewhere(false),
  margin,
  controls: [{ name: "any other start", value: elsewhere(true), instances: wide }],
})
