import type { TrainInput } from "../../src/operations/TrainInput.ts"

/** Two classes that a line divides. */
const rows = (first: number, count: number) => {
  const points = Array.from(
    { length: count },
    (_, k) => [Math.cos(first + k), Math.sin(3 * (first + k))] as const,
  )
  return {
    features: Float64Array.from(points.flat()),
    target: {
      _tag: "Classes" as const,
      labels: Int32Array.from(points, ([x, y]) => (x + y > 0 ? 1 : 0)),
    },
  }
}

/** A training that takes a moment. */
export const trainInput = (recipe: Partial<TrainInput["recipe"]> = {}): TrainInput => ({
  data: { dimension: 2, classes: 2, train: rows(0, 64), test: rows(64, 32) },
  shape: { hidden: [8], activation: "relu" },
  recipe: {
    method: "sam",
    base: "momentum",
    learningRate: 0.1,
    schedule: "constant",
    weightDecay: 0,
    ...recipe,
  },
  epochs: 20,
  batch: 16,
  seed: 1,
})
