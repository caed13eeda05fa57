import { driftIdentity } from "../support/DriftIdentity.ts"
import * as Moves from "../support/Moves.ts"

export const smoothedDrift = driftIdentity(
  "smoothed-drift",
  "For square loss with quadratic predictions, the mean move of the smoothed perturbation at a minimum is rho^2 / 2 times the tangential gradient of the normalised trace.",
  Moves.meanSmoothedMove,
  () => 1,
  [
    { name: "d times as much", value: (d) => d },
    { name: "half as much", value: () => 0.5 },
  ],
)
