/** One hidden entry: flatness chooses the same completion at every depth, and weight decay does not. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Svd from "@nonconvex/numerics/Svd"
import { AtLeastTwo } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as Theory from "../../theory/Theory.ts"
import { pairs, range } from "../support/Combinations.ts"
import { recalled } from "../support/Paper.ts"

const Config = Schema.Struct({
  depths: Schema.Array(AtLeastTwo),
  /** Points on the interval [-1, 3] of hidden entries. */
  points: Schema.Int.check(Schema.isGreaterThan(10)),
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  penalty: Schema.Literals(["flatness", "weight decay"]),
  depth: Schema.Int,
  hidden: Schema.Number,
  /** Over the value at the hidden entry 0.5, where the nuclear norm is least. */
  value: Schema.Number,
})

type Row = typeof Row.Type

/** Penalty of [[x, 1], [1, 0.5]], which has rank one at x = 2 and the least nuclear norm at x = 0.5. */
const penaltyAt = (
  penalty: Row["penalty"],
  depth: number,
  x: number,
  kernels: Kernels.Kernels,
): number => {
  const values = Svd.singularValues(Float64Array.of(x, 1, 1, 0.5), 2, 2, kernels)
  return penalty === "flatness"
    ? Theory.inducedIsotropic(depth, 2, 2, values[0]! + values[1]!)
    : Theory.schattenPenalty(depth, values)
}

/** Minimiser of the penalty: one number, or none of no rows. */
const leastAt = (
  rows: ReadonlyArray<Row>,
  penalty: Row["penalty"],
  depth: number,
): ReadonlyArray<number> =>
  rows
    .filter((row) => row.penalty === penalty && row.depth === depth)
    .toSorted((a, b) => a.value - b.value)
    .slice(0, 1)
    .map(({ hidden }) => hidden)

export const everyDepth = Experiment.table({
  id: "matrix-factorization/every-depth",
  title: "Flatness prefers the same matrix at every depth; weight decay does not",
  source: recalled("for all depths above one (abstract); contrast with weight decay"),
  question: "Which x minimises each penalty in [[x, 1], [1, 0.5]], and does the depth matter?",
  deterministic: "nothing is random: the problem and the starts are fixed",
  config: Config,
  columns: Row,
  presets: {
    smoke: { depths: [2, 3, 6], points: 161 },
    fast: { depths: [2, 3, 4, 5, 6], points: 401 },
    paper: { depths: [2, 3, 4, 5, 6, 8, 12], points: 4001 },
  },
  paperSeconds: 1,
  cases: ({ depths }) => pairs(["flatness", "weight decay"] as const, depths),
  row: ([penalty, depth], { config: { points }, kernels }) => {
    const unit = penaltyAt(penalty, depth, 0.5, kernels)
    return range(points).map((k) => {
      const hidden = -1 + (4 * k) / (points - 1)
      return { penalty, depth, hidden, value: penaltyAt(penalty, depth, hidden, kernels) / unit }
    })
  },
  figures: () => [
    Figure.lines({
      id: "penalty",
      title: "Penalty by the hidden entry",
      conclusion:
        "The flattest point is x = 0.5 at every depth; deep weight decay prefers the rank-one matrix at x = 2.",
      x: { field: "hidden", title: "hidden entry x" },
      y: { field: "value", title: "penalty relative to x = 0.5" },
      series: { field: "depth", title: "layers" },
      panel: { field: "penalty", title: "penalty" },
    }),
  ],
  expectations: (rows, { depths, points }) => {
    const absolute = 4 / (points - 1)
    const deepest = Math.max(...depths)
    const decayOf = (depth: number) => ({
      control: `weight decay in ${depth} layers`,
      observed: leastAt(rows, "weight decay", depth),
    })
    return depths.flatMap((depth) => [
      Expectation.within(
        `x of least sharpness in ${depth} layers`,
        leastAt(rows, "flatness", depth),
        0.5,
        { absolute },
        decayOf(deepest),
      ),
      Expectation.within(
        `x of least weight decay in ${depth} layers`,
        leastAt(rows, "weight decay", depth),
        depth === 2 ? 0.5 : 2,
        { absolute },
        depth === 2
          ? decayOf(deepest)
          : {
              control: `flatness in ${depth} layers`,
              observed: leastAt(rows, "flatness", depth),
            },
      ),
    ])
  },
})
