import { claim, Kind } from "@nonconvex/evidence"
import { deepFactorisation } from "../../index.ts"
import type { Expanded } from "../support/Instances.ts"
import { type Form, noisy, sameAs, seedOf } from "../support/NoisyDescent.ts"
import { ourDescent } from "../support/NoisyFactorisation.ts"
import { derived } from "../support/Paper.ts"
import * as Transformations from "../support/Transformations.ts"

/** All layers and measurements transposed, the layers in reverse order. */
const reversed = ({ measurements, shape, targets, widths }: Expanded): Form => ({
  objective: deepFactorisation({
    measurements: Transformations.transposed(measurements),
    targets,
    widths: widths.toReversed(),
  }),
  map: (x) => Transformations.reversedLayers(shape, x),
})

export const noisyReversal = claim({
  id: "matrix-factorization/noisy-reversal",
  statement:
    "Transposing all layers and measurements and reversing the order of the layers does not change label-noise descent on the same streams.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("metamorphic, on the same streams")),
  subject: ourDescent,
  instances: noisy,
  value: { form: reversed },
  margin: ({ instance, kernels, subject, value }) => sameAs(subject, instance, { kernels }, value),
  controls: [{ name: "other streams", value: { form: reversed, seedOf } }],
})
