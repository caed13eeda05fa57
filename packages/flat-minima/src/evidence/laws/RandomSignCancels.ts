import { claim, Kind, Margin } from "@nonconvex/evidence"
import { identityError, modelInstance } from "../support/DriftIdentity.ts"
import * as Moves from "../support/Moves.ts"
import { recalled } from "../support/Paper.ts"
import { flatMinima } from "../support/Subject.ts"

export const randomSignCancels = claim({
  id: "flat-minima/random-sign-cancels",
  statement:
    "Over both signs of the perturbation the moves of odd order in the radius cancel, which makes the drift exact for quadratic predictions.",
  inFloatingPoint: "agreement",
  source: Kind.identity(recalled("the random sign of algorithm 2")),
  subject: flatMinima,
  instances: modelInstance,
  value: Moves.bothSigns,
  margin: ({ instance, subject, value: mean }) =>
    Margin.atMost(
      identityError(subject, instance, mean, (d) => d),
      1e-9,
    ),
  controls: [{ name: "always the plus sign", value: Moves.meanSharpnessAwareMove([1]) }],
})
