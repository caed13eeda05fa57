import { decades } from "../support/Paths.ts"
import { scaling } from "../support/ScaledPaths.ts"

export const scaleOfTheLoss = scaling(
  "scale-of-the-loss",
  "If f is multiplied by c, both steps divided by c and the threshold multiplied by c give the same path.",
  "invariance under the unit of the loss",
  (f) => ({ weight: f, scale: 1, shift: 0 }),
  { rate: -1, radius: 0, threshold: 1 },
  { name: "unchanged steps", value: { rate: 0, radius: 0, threshold: 1 } },
  decades,
)
