import { claim, Kind } from "@nonconvex/evidence"
import { derived } from "../support/Paper.ts"
import { samplesOnly } from "../support/Paths.ts"
import { reflected, rescaledPredictions } from "../support/Reflected.ts"
import { flatMinima } from "../support/Subject.ts"

/** Only about this package: other implementations need not read rows. */
export const signOfARow = claim({
  id: "flat-minima/sign-of-a-row",
  statement: "The path is unchanged if sigma changes sign together with the row of the sample.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("invariance under the sign of a row")),
  instances: samplesOnly,
  value: -1,
  margin: ({ instance, value: sign }) =>
    reflected(flatMinima, instance, rescaledPredictions(-1, 1), sign),
  controls: [{ name: "the row alone", value: 1 }],
})
