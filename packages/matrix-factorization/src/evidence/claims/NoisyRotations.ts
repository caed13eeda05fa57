import { claim, Kind } from "@nonconvex/evidence"
import { deepFactorisation } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { type Expanded, rotation } from "../support/Instances.ts"
import { type Form, noisy, sameAs, seedOf } from "../support/NoisyDescent.ts"
import { ourDescent } from "../support/NoisyFactorisation.ts"
import { derived } from "../support/Paper.ts"
import * as Transformations from "../support/Transformations.ts"

/** Rotations of every width: hidden units, inputs and outputs, with the measurements. */
const rotated = ({ measurements, seed, shape, targets, widths }: Expanded): Form => {
  const { given: kernels } = measurements
  const rotations = widths.map((width, j) => rotation(width, seed.child("Q").child(j)))
  return {
    objective: deepFactorisation({
      measurements: Transformations.turned(measurements, rotations.at(-1)!, rotations[0]!),
      targets,
      widths,
    }),
    map: Transformations.turnedLayers(
      shape,
      rotations,
      rotations.map((q, j) => Matrix.transpose(q, widths[j]!, widths[j]!)),
      kernels,
    ),
  }
}

export const noisyRotations = claim({
  id: "matrix-factorization/noisy-rotations",
  statement:
    "Label-noise descent on the same streams commutes with rotations of inputs, hidden units and outputs, for every sampling and noise.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("metamorphic, on the same streams")),
  subject: ourDescent,
  instances: noisy,
  value: { form: rotated },
  margin: ({ instance, kernels, subject, value }) => sameAs(subject, instance, { kernels }, value),
  controls: [
    { name: "other streams", value: { form: rotated, seedOf } },
    {
      name: "layers rotated without their measurements",
      value: { form: (from) => ({ ...rotated(from), objective: deepFactorisation(from) }) },
    },
  ],
})
