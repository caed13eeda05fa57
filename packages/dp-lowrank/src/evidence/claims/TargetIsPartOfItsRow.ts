import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Clipping from "../../release/Clipping.ts"
import * as Sensitivity from "../../theory/Sensitivity.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

/** Two rows of predictors and a target, of any sizes; clipped rows have norm 1. */
const observations = Draw.record({
  predictors: Draw.integer(1, 6),
  features: Draw.logarithmic(1, 1e4),
  target: Draw.logarithmic(1, 1e4),
  neighbours: Draw.oneOf("replace", "add-remove"),
  seed: Draw.seed(),
})

type Observations = Draw.Drawn<typeof observations>

const pair = ({ features, predictors: p, seed, target }: Observations) => {
  const q = Orthogonal.haar(Math.max(2, p), streamOf(seed, "rows"))
  const row = (k: number, sign: number) =>
    Float64Array.from({ length: p + 1 }, (_, i) =>
      i === p ? sign * target : features * (p === 1 ? 1 : q[k * p + i]!),
    )
  return [row(0, 1), row(1, -1)] as const
}

const unit = Clipping.rowGrid(1)

/** Row as integers, clipped separately in the parts that end at these places. */
const clippedAt = (
  row: Float64Array,
  ends: ReadonlyArray<number>,
  kernels: Kernels,
): Float64Array => {
  const out = new Float64Array(row.length)
  let from = 0
  for (const end of ends) {
    const part = row.slice(from, end)
    const none = new Float64Array(part.length)
    Clipping.quantise(part, unit, none, out.subarray(from, end), kernels)
    from = end
  }
  return out
}

export const targetIsPartOfItsRow = claim({
  id: "dp-lowrank/target-is-part-of-its-row",
  statement:
    "Least squares needs the sums of x x^T, x t and t^2, here taken from one matrix. They change by at most sqrt 2 R^2 where a row is replaced and R^2 where one is added, if a row is clipped to R together with its target.",
  inFloatingPoint: "bits",
  source: derived("sensitivity of sufficient statistics"),
  instances: observations,
  value: (length: number) => [length],
  /** End positions of the parts that are clipped separately. */
  margin: ({ instance, kernels, value: ends }) => {
    const [u, v] = pair(instance).map((row) => clippedAt(row, ends(row.length), kernels))
    const step = Elementary.powerOfTwo(unit.exponent)
    const none = new Float64Array(u!.length)
    const [first, second] = [u!, instance.neighbours === "replace" ? v! : none].map((row) =>
      row.map((x) => x * step),
    )
    const apart = Math.sqrt(Math.max(0, Sensitivity.rowChangeSquared(first!, second!)))
    return Margin.atMost(apart, Sensitivity.frobeniusSensitivity(instance.neighbours, 1), 1e-12)
  },
  controls: [
    {
      name: "predictors and target clipped separately",
      value: (length) => [length - 1, length],
    },
  ],
})
