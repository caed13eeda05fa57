/** What must hold of rows on a grid: the compiled kernels give the bits of the plain loops, and integers in the ball. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const rows = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 0, 3, 320),
  count: fc.nat(9),
  d: fc.integer({ min: 1, max: 11 }),
  size: fc.constantFrom<Array<number>>(0, 1e-310, 1e-160, 1e-3, 1, 1.5, 1e160, 1e300),
  isCentred: fc.boolean(),
  /** Of the bound: half of the rows, or all of them, lie on the ball. */
  on: fc.constantFrom("all", "half", "none"),
})

/** 2^20 steps in the bound, less a few. */
const ball = { bound: 1 - 2 ** -19, steps: 2 ** 20, largest: (2 ** 20 - 2) ** 2 }

export const gridLaws: ReadonlyArray<Law> = [
  law(
    "quantise: the bits of the plain loops by both builds, and integers in the ball",
    fc.property(rows, ({ count, d, isCentred, on, size, ...from }) => {
      const table = doubles(from, "rows", count * d).map((x) => x * size)
      for (let r = 0; r < count; r++) {
        if (on === "none" || (on === "half" && r % 2 === 0)) continue
        const row = table.subarray(r * d, (r + 1) * d)
        const norm = Math.hypot(...row)
        if (norm > 0 && norm < Infinity) row.forEach((x, j) => (row[j] = (x / norm) * ball.bound))
      }
      table.forEach((x, i) => (table[i] = Number.isFinite(x) ? x : 1))
      const centre = isCentred ? doubles({ ...from, decades: 0 }, "centre", d) : new Float64Array(d)
      const [first, ...others] = [
        Kernels.reference(),
        Kernels.strict(),
        RelaxedKernels.relaxed(),
      ].map((kernels) => {
        const out = new Float64Array(count * d)
        return [kernels.quantise(table, ball, centre, out), ...out]
      })
      for (const other of others) same("rows", other, first!)
      for (let r = 0; r < count; r++) {
        const square = first!
          .slice(1 + r * d, 1 + (r + 1) * d)
          .reduce((sum, x) => sum + BigInt(x) ** 2n, 0n)
        if (square > BigInt(ball.largest)) throw new Error(`row ${r} leaves the ball`)
      }
    }),
  ),
]
