/** Sums that do not depend on the order of rows and columns. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"
import type { Subject } from "../support/Subject.ts"

const table = Draw.record({
  dimension: Draw.integer(2, 5),
  rows: Draw.integer(2, 40),
  bound: Draw.oneOf(1, 0.3, 7),
  seed: Draw.seed(),
})

export const permutation = law<Subject, Draw.Drawn<typeof table>>({
  id: "dp-lowrank/permutations",
  statement:
    "Permuting the rows changes no bit of the sum, permuting the columns conjugates it, and zero columns pad it.",
  source: derived("exact accumulation"),
  instances: table,
  margin: ({ scatter }, { bound, dimension: d, rows: n, seed }, { kernels }) => {
    const values = new Float64Array(n * d)
    streamOf(seed, "rows").fillNormal(values)
    const order = streamOf(seed, "order").permutation(n)
    const columns = streamOf(seed, "columns").permutation(d)
    const sum = scatter(values, d, bound, kernels)
    const byRows = scatter(
      values.map((_, at) => values[order[Math.floor(at / d)]! * d + (at % d)]!),
      d,
      bound,
      kernels,
    )
    const byColumns = scatter(
      values.map((_, at) => values[Math.floor(at / d) * d + columns[at % d]!]!),
      d,
      bound,
      kernels,
    )
    const padded = scatter(
      Float64Array.from({ length: n * (d + 1) }, (_, at) =>
        at % (d + 1) === d ? 0 : values[Math.floor(at / (d + 1)) * d + (at % (d + 1))]!,
      ),
      d + 1,
      bound,
      kernels,
    )
    return Margin.holds(
      sum.every((x, i) => x === byRows[i]) &&
        byColumns.every(
          (x, at) =>
            Math.abs(x - sum[columns[Math.floor(at / d)]! * d + columns[at % d]!]!) <
            1e-4 * bound ** 2,
        ) &&
        sum.every(
          (x, at) =>
            Math.abs(x - padded[Math.floor(at / d) * (d + 1) + (at % d)]!) < 1e-4 * bound ** 2,
        ),
    )
  },
  controls: [
    {
      name: "sums in floating point",
      subject: (subject) => ({
        ...subject,
        scatter: (rows, d, bound) => {
          const out = new Float64Array(d * d)
          for (let from = 0; from < rows.length; from += d) {
            const row = rows.subarray(from, from + d)
            const factor = Math.min(1, bound / Vector.norm(row))
            for (let i = 0; i < d; i++) {
              for (let j = 0; j < d; j++) {
                out[i * d + j]! += factor * row[i]! * (factor * row[j]!)
              }
            }
          }
          return out
        },
      }),
    },
  ],
})
