import { scaling } from "../support/ScaledPaths.ts"

export const translation = scaling(
  "translation",
  "Both algorithms commute with translations.",
  "invariance under translations",
  (f) => ({ weight: 1, scale: 1, shift: f }),
  { rate: 0, radius: 0, threshold: 0 },
  { name: "a radius that grows with the shift", value: { rate: 0, radius: 1, threshold: 0 } },
)
