import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { scatterOf } from "../../audit/AuditSubject.ts"
import { derived } from "../support/Paper.ts"
import { normalsOf, streamOf } from "../support/Structures.ts"
import { dpLowrank, mutant } from "../support/Subject.ts"

export const permutations = claim({
  id: "dp-lowrank/permutations",
  statement:
    "Permuting the rows changes no bit of the sum, permuting the columns conjugates it, and zero columns pad it.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("exact accumulation")),
  subject: dpLowrank,
  instances: Draw.record({
    dimension: Draw.integer(2, 5),
    rows: Draw.integer(2, 40),
    bound: Draw.oneOf(1, 0.3, 7),
    seed: Draw.seed(),
  }),
  margin: ({ instance: { bound, dimension: d, rows: n, seed }, kernels, subject: { scatter } }) => {
    const values = normalsOf(seed, "rows", n * d)
    const order = streamOf(seed, "order").permutation(n)
    const columns = streamOf(seed, "columns").permutation(d)
    const sum = scatter(values, d, bound, kernels)
    const near = (x: number, y: number) => Math.abs(x - y) < 1e-4 * (bound * bound)
    const rearranged = (width: number, entry: (row: number, column: number) => number) => {
      const at = (k: number) => entry(Math.floor(k / width), k % width)
      const entries = Float64Array.from({ length: n * width }, (_, k) => at(k))
      return scatter(entries, width, bound, kernels)
    }
    const byRows = rearranged(d, (i, j) => values[order[i]! * d + j]!)
    const byColumns = rearranged(d, (i, j) => values[i * d + columns[j]!]!)
    const padded = rearranged(d + 1, (i, j) => (j === d ? 0 : values[i * d + j]!))
    return Margin.holds(
      sum.every((x, at) => {
        const [i, j] = [Math.floor(at / d), at % d]
        const permuted = sum[columns[i]! * d + columns[j]!]!
        return (
          x === byRows[at] && near(byColumns[at]!, permuted) && near(padded[i * (d + 1) + j]!, x)
        )
      }),
    )
  },
  controls: [
    mutant("sums in floating point", () => ({
      scatter: (rows, d, bound) => {
        const clipped = rows.slice()
        for (let from = 0; from < rows.length; from += d) {
          const row = clipped.subarray(from, from + d)
          Vector.scale(Math.min(1, bound / Vector.norm(row)), row)
        }
        return scatterOf(clipped, d)
      },
    })),
  ],
})
