/** Rows on a grid by the compiled kernels: bit for bit as the plain loops, since a privacy guarantee depends on each bit. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { doubles } from "./support/Drawn.ts"
import { compiled } from "./support/Found.ts"

const plain = Kernels.reference()

const rows = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom(0, 0, 3, 320),
  // what is not below the size that is left to the embedded kernels
  count: fc.integer({ min: 512, max: 530 }),
  // whole fours up to 24 are compiled for themselves
  d: fc.oneof(fc.integer({ min: 1, max: 29 }), fc.constantFrom(4, 8, 12, 16, 20, 24)),
  size: fc.constantFrom(0, 1e-310, 1e-160, 1e-3, 1, 1.5, 1e160, 1e300),
  isCentred: fc.boolean(),
  /** Factor on the bound to which rows are scaled; 0 leaves them unscaled. */
  on: fc.constantFrom(0, 1, 1 + 2 ** -30, 1 - 2 ** -20),
})

/** 2^20 steps in the bound, less a few. */
const ball = { bound: 1 - 2 ** -19, steps: 2 ** 20, largest: (2 ** 20 - 2) ** 2 }

describe("compiled rows on a grid", () => {
  it("know what is not finite, wherever it is", () => {
    compiled((native) => {
      const kinds = [Number.NaN, Infinity, -Infinity, Number.MAX_VALUE, 5e-324, -0]
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 1500 }),
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          fc.constantFrom(...kinds),
          fc.nat(1000),
          (length, place, kind, seed) => {
            const numbers = doubles({ seed, decades: 320 }, "numbers", length).map((x) =>
              Number.isFinite(x) ? x : 1,
            )
            assert.isTrue(native.areFinite!(numbers))
            numbers[Math.floor(place * length)] = kind
            assert.strictEqual(native.areFinite!(numbers), Number.isFinite(kind))
          },
        ),
      )
      assert.isTrue(native.areFinite!(new Float64Array()))
    })
  })

  it("have the bits of the plain loops, as many of them clipped", () => {
    compiled((native) => {
      let clipped = 0
      fc.assert(
        fc.property(rows, ({ count, d, isCentred, on, size, ...from }) => {
          const table = doubles(from, "rows", count * d).map((x) => x * size)
          for (let r = 0; r < count; r++) {
            const row = table.subarray(r * d, (r + 1) * d)
            const norm = Math.hypot(...row)
            if (on === 0 || norm === 0 || norm === Infinity) continue
            row.forEach((x, j) => (row[j] = (x / norm) * on))
          }
          table.forEach((x, i) => (table[i] = Number.isFinite(x) ? x : 1))
          const centre = isCentred
            ? doubles({ ...from, decades: 0 }, "centre", d)
            : new Float64Array(d)
          const [actual, expected] = [table.slice(), table.slice()]
          const found = native.quantise(table, ball, centre, actual)
          assert.strictEqual(found, plain.quantise(table, ball, centre, expected))
          assert.deepStrictEqual(
            new BigUint64Array(actual.buffer),
            new BigUint64Array(expected.buffer),
          )
          clipped += found
        }),
      )
      assert.isAbove(clipped, 0)
    })
  })
})
