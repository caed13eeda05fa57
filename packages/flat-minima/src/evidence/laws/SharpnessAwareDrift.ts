import { driftIdentity } from "../support/DriftIdentity.ts"
import * as Moves from "../support/Moves.ts"

export const sharpnessAwareDrift = driftIdentity(
  "sharpness-aware-drift",
  "The mean move of the sharpness-aware perturbation at a minimum is d times that of the smoothed one.",
  Moves.bothSigns,
  (d) => d,
  [
    { name: "as much as the smoothed one", value: () => 1 },
    { name: "half as much", value: (d) => d / 2 },
  ],
)
