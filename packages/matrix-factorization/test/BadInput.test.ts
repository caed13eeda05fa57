/** Invalid input is refused at the boundary, with the numbers. */
import { InvalidInput, Seed } from "@nonconvex/numerics"
import { describe, expect, it } from "vitest"
import {
  completion,
  deepFactorisation,
  dense,
  Factorisation,
  flatten,
  flattestInterpolant,
  flattestIsotropic,
  labelNoiseDescent,
  minimiseNuclearNorm,
  recover,
} from "../src/index.ts"
import { sensing } from "./support/Numbers.ts"
import { flattestSingle, flattestTwoLayers } from "../src/flatness/Flattest.ts"
import { isotropic, sparse } from "../src/measurements/SparseMeasurements.ts"
import { softImpute } from "../src/recovery/SoftImpute.ts"

const { measurements, targets } = sensing(3, 1, 5, 1)
const objective = deepFactorisation({ measurements, targets, widths: [3, 3, 3] })
const start = new Float64Array(18).fill(0.1)
const seed = Seed.root(1)
const noisy = { learningRate: 0.1, noise: 0.1, seed } as const

const calls: ReadonlyArray<readonly [name: string, call: () => unknown, message: string]> = [
  ["depth 1", () => Factorisation.shape([3, 3]), "at least two layers"],
  [
    "depth 1 of an interpolant",
    () => flattestInterpolant(measurements, targets, { depth: 1 }),
    "depth = 1",
  ],
  ["a width of 0", () => Factorisation.shape([3, 0, 3]), "widths[1]"],
  [
    "no measurement",
    () => dense({ rows: 2, columns: 2, matrices: new Float64Array(0) }),
    "one or more",
  ],
  ["no entry", () => completion({ rows: 2, columns: 2, entries: [] }), "measurements = 0"],
  ["half a measurement", () => dense({ rows: 2, columns: 2, matrices: new Float64Array(6) }), "6"],
  [
    "a measurement of NaN",
    () => dense({ rows: 1, columns: 1, matrices: Float64Array.of(Number.NaN) }),
    "finite",
  ],
  ["an entry outside", () => completion({ rows: 2, columns: 2, entries: [[2, 0]] }), "row = 2"],
  [
    "half an entry",
    () => completion({ rows: 2, columns: 2, entries: [[0.5, 0.9]] }),
    "row = 0.5, column = 0.9",
  ],
  [
    "a position outside",
    () =>
      sparse({
        rows: 1,
        columns: 2,
        offsets: Uint32Array.of(0, 1),
        positions: Uint32Array.of(2),
        values: Float64Array.of(1),
      }),
    "position = 2",
  ],
  [
    "offsets that fall",
    () =>
      sparse({
        rows: 1,
        columns: 2,
        offsets: Uint32Array.of(0, 2, 1),
        positions: Uint32Array.of(0),
        values: Float64Array.of(1),
      }),
    "offsets must rise",
  ],
  [
    "widths that do not fit",
    () => deepFactorisation({ measurements, targets, widths: [3, 3, 2] }),
    "last = 2",
  ],
  [
    "too few targets",
    () => deepFactorisation({ measurements, targets: targets.slice(1), widths: [3, 3, 3] }),
    "must be 5",
  ],
  [
    "a hidden width below the rank",
    () =>
      flattestIsotropic(Factorisation.shape([3, 1, 3]), Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)),
    "width = 1, rank = 3",
  ],
  [
    "a hidden width below the rank, two layers",
    () =>
      flattestTwoLayers(
        isotropic(2, 2),
        Factorisation.shape([2, 1, 2]),
        Float64Array.of(1, 0, 0, 1),
      ),
    "width = 1, rank = 2",
  ],
  [
    "three layers for two",
    () =>
      flattestTwoLayers(isotropic(2, 2), Factorisation.shape([2, 2, 2, 2]), new Float64Array(4)),
    "depth = 3",
  ],
  [
    "five measurements for one",
    () => flattestSingle(measurements, Factorisation.shape([3, 3, 3]), new Float64Array(9)),
    "measurements = 5",
  ],
  [
    "layers of another size",
    () => flatten(measurements, Factorisation.shape([2, 2, 2]), new Float64Array(8)),
    "shape.rows = 2",
  ],
  [
    "parameters of the wrong length",
    () => flatten("isotropic", Factorisation.shape([2, 2, 2]), new Float64Array(7)),
    "must be 8",
  ],
  [
    "a learning rate of 0",
    () => labelNoiseDescent({ ...noisy, learningRate: 0 }),
    "learningRate = 0",
  ],
  ["negative noise", () => labelNoiseDescent({ ...noisy, noise: -1 }), "noise = -1"],
  ["no batch size", () => labelNoiseDescent({ ...noisy, sampling: "epoch" }), "batch = 0"],
  [
    "a batch of too many",
    () => labelNoiseDescent({ ...noisy, sampling: "epoch", batch: 6 }).init(objective, start),
    "batch = 6",
  ],
  [
    "a start of the wrong length",
    () => labelNoiseDescent(noisy).init(objective, start.slice(1)),
    "must be 18",
  ],
  [
    "targets of NaN",
    () =>
      minimiseNuclearNorm(
        measurements,
        targets.map(() => Number.NaN),
      ),
    "targets must be finite",
  ],
  [
    "a tolerance of 0",
    () => minimiseNuclearNorm(measurements, targets, { tolerance: 0 }),
    "tolerance = 0",
  ],
  [
    "no iteration",
    () => minimiseNuclearNorm(measurements, targets, { maxIterations: 0 }),
    "maxIterations = 0",
  ],
  ["no start", () => flattestInterpolant(measurements, targets, { starts: 0 }), "starts = 0"],
  [
    "a negative tolerance",
    () => recover(measurements, targets, { tolerance: -1 }),
    "tolerance = -1",
  ],
  ["a negative penalty", () => softImpute(measurements, targets, { penalty: -1 }), "penalty = -1"],
]

describe("bad input", () => {
  it.each(calls)("%s throws InvalidInput", (_, call, message) => {
    expect(call).toThrow(InvalidInput)
    expect(call).toThrow(message)
  })
})
