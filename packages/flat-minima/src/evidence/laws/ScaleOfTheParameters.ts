import { scaling } from "../support/ScaledPaths.ts"

export const scaleOfTheParameters = scaling(
  "scale-of-the-parameters",
  "If x is multiplied by s, steps times s^2, radius times s and threshold divided by s give the path multiplied by s.",
  "invariance under the unit of the parameters",
  (f) => ({ weight: 1, scale: f, shift: 0 }),
  { rate: 2, radius: 1, threshold: -1 },
  { name: "unchanged radius", value: { rate: 2, radius: 0, threshold: -1 } },
)
