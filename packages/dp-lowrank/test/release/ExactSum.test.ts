// The fast sum against the definition in big integers, row by row and entry by entry, with the extremes that a table may have.
import { Vector } from "@nonconvex/numerics"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { PrivateScatter, Public } from "../../src/index.ts"
import * as Clipping from "../../src/release/Clipping.ts"
import { reveal } from "../../src/release/PrivateScatter.ts"
import { normals } from "../support/Normals.ts"

/** A row as integers of the grid by its definition: each rounding written out. */
const integersOf = (values: ReadonlyArray<number>, bound: number): ReadonlyArray<number> => {
  const { exponent, largest } = Clipping.rowGrid(bound)
  const norm = Vector.norm(Float64Array.from(values))
  const unscaled = values.map((x) =>
    norm > bound ? (x / norm) * (bound / 2 ** exponent) : x / 2 ** exponent,
  )
  const roundings: ReadonlyArray<(x: number) => number> = [
    Math.round,
    Math.trunc,
    (x) => Math.trunc(x * (1 - 2 ** -18)),
  ]
  const inBall = roundings
    .map((round) => unscaled.map(round))
    .find((row) => row.reduce((sum, x) => sum + BigInt(x) ** 2n, 0n) <= BigInt(largest))
  assert.isDefined(inBall)
  return inBall
}

/** The matrix in big integers, and how many rows were too long. */
const slow = (rows: Float64Array, d: number, bound: number, centre: ReadonlyArray<number>) => {
  const sum = Array.from({ length: d * d }, () => 0n)
  let clipped = 0
  for (let from = 0; from < rows.length; from += d) {
    const halves = centre.map((c, j) => rows[from + j]! * 0.5 - c * 0.5)
    const size = Math.max(...halves.map(Math.abs)) > 1e200 ? 2 ** -60 : 2
    const row = halves.map((x) => x * size)
    if (Vector.norm(Float64Array.from(row)) > bound) clipped++
    const integers = integersOf(row, bound).map(BigInt)
    for (let at = 0; at < d * d; at++) sum[at]! += integers[Math.floor(at / d)]! * integers[at % d]!
  }
  return { sum, clipped }
}

const sumOf = (scatter: PrivateScatter) => {
  const { clipped, high, low } = reveal(scatter)
  return { clipped, sum: Array.from(high, (x, i) => BigInt(x) * 2n ** 30n + BigInt(low[i]!)) }
}

/** What the rows of a table are times: one size for all of them, or another for each. */
const sizes = [0.2, 1, 1 + 2 ** -52, 50, 0, 1e-310, 1e-170, 1e160, 1e250, 1.7e308] as const

const tables = fc.record({
  d: fc.constantFrom(1, 2, 3, 4, 5, 7, 8),
  // a block has 512 rows, and 32 of so few columns wait for more
  count: fc.oneof(
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(31, 32, 33, 511, 512, 513, 544, 545, 1024, 1025),
  ),
  bound: fc.constantFrom(1, 0.1, 3, 7.3e-5, 1e-100, 1e100),
  kind: fc.constantFrom(...sizes, "mixed", "halves"),
  isCentred: fc.boolean(),
  /** Where it is cut into calls, in shares of the rows. */
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
  seed: fc.nat(),
})

describe("the sum of a table", () => {
  it("is that of big integers, bit by bit, on tables with extremes", () => {
    const property = fc.property(tables, ({ bound, count, cuts, d, isCentred, kind, seed }) => {
      const rows = normals(count * d, seed)
      for (let r = 0; r < count; r++) {
        const row = rows.subarray(r * d, (r + 1) * d)
        const norm = Math.hypot(...row)
        const size = typeof kind === "number" ? kind : sizes[(seed + r) % sizes.length]!
        const scale = size > 1e100 ? 1 : bound
        for (let j = 0; j < d; j++) {
          // ties, at the middle between two integers of the grid
          if (kind === "halves")
            row[j] = (Math.round(8 * row[j]!) / 2) * 2 ** Clipping.rowGrid(bound).exponent
          else row[j] = (row[j]! / norm) * size * scale
        }
      }
      const centre = Array.from({ length: d }, (_, j) => (isCentred ? 0.3 * bound * j : 0))
      const scatter = PrivateScatter.make({
        dimension: d,
        bound: Public.bound(bound),
        centre: Public.centre(centre),
      })
      const ends = [...cuts.map((cut) => Math.floor(cut * count)), count].toSorted((a, b) => a - b)
      let from = 0
      for (const end of ends) {
        scatter.add(rows.subarray(from * d, end * d))
        from = end
      }
      assert.deepStrictEqual(sumOf(scatter), slow(rows, d, bound, centre))
    })
    fc.assert(property, { numRuns: 150 })
  })

  it("is exact where sums of squares have more than 53 bits", () => {
    const count = 2 ** 14 + 1
    const odd = 2 ** 20 - 1
    const scatter = PrivateScatter.make({ dimension: 1, bound: Public.bound(1) })
    scatter.add(new Float64Array(count).fill(odd * 2 ** -20))
    assert.deepStrictEqual(sumOf(scatter), { clipped: 0, sum: [BigInt(count) * BigInt(odd) ** 2n] })
  })
})
