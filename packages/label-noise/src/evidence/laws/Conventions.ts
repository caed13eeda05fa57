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
  statement: "The mean of squares at a learning rate is half of it at twice the rate.",
  value: mean(0.5),
  controls: [{ name: "the same rate", value: mean(1) }],
})
