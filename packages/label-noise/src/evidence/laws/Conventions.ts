import { symmetry, type Transformation } from "../support/CommutingRuns.ts"

const mean =
  (factor: number): Transformation =>
  (setting) => ({
    ...setting,
    convention: "mean",
    learningRate: factor * setting.learningRate,
    mapEnd: (theta) => theta,
  })

export const conventions = symmetry({
  id: "label-noise/conventions",
  statement:
    "Descent on the mean squared error at a learning rate equals descent on half of it at twice the rate.",
  value: mean(0.5),
  controls: [{ name: "the same rate", value: mean(1) }],
})
