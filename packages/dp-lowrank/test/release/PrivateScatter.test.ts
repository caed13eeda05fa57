// Exactness against big integers, order independence, and that nothing of it can be seen.
import { InvalidInput, Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { inspect } from "node:util"
import { assert, describe, it } from "vitest"
import { PrivateScatter, Public } from "../../src/index.ts"
import { largestDimension } from "../../src/privacy/Target.ts"
import * as Clipping from "../../src/release/Clipping.ts"
import { reveal, rounded } from "../../src/release/PrivateScatter.ts"
import { normals } from "../support/Normals.ts"

/** A float64 as numerator over 2^1074. */
const exact = (x: number): bigint => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  const bits = view.getBigUint64(0)
  const exponent = Number(bits >> 52n)
  const fraction = bits & ((1n << 52n) - 1n)
  const magnitude = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1)
  return x < 0 ? -magnitude : magnitude
}

const isWithin = (row: Float64Array, bound: number): boolean => {
  const square = row.reduce((sum, x) => sum + exact(x) ** 2n, 0n)
  return square <= exact(bound) ** 2n
}

describe("quantise", () => {
  it("never leaves the ball, and keeps rows on its surface", () => {
    for (let seed = 0; seed < 500; seed++) {
      const bound = [1, 0.1, 3, 7.3e-5, 1e100][seed % 5]!
      const grid = Clipping.rowGrid(bound)
      const row = normals(1 + (seed % 30), seed)
      const norm = Math.hypot(...row)
      for (let i = 0; i < row.length; i++)
        row[i] = (row[i]! / norm) * bound * (1 + 2 ** -20 * (seed % 3))
      const out = new Float64Array(row.length)
      Clipping.quantise(row, grid, new Float64Array(row.length), out)
      assert.isTrue(
        isWithin(
          out.map((m) => m * 2 ** grid.exponent),
          bound,
        ),
        `seed ${seed}`,
      )
      out.forEach((m, i) => assert.closeTo(m * 2 ** grid.exponent, row[i]!, bound * 2 ** -17))
    }
    const unit = Float64Array.of(1, 0)
    const out = new Float64Array(2)
    assert.strictEqual(Clipping.quantise(unit, Clipping.rowGrid(1), new Float64Array(2), out), 0)
    assert.deepStrictEqual(out, Float64Array.of(2 ** 20, 0))
  })
})

describe("PrivateScatter", () => {
  const dimension = 5
  const bound = Public.bound(1)
  const rows = normals(9000 * dimension, 1).map((x) => x / 3)
  const whole = PrivateScatter.make({ dimension, bound })
  whole.add(rows)

  it("divides by public scales before it clips, as the owner of the rows could", () => {
    const scale = Public.scale([3, 1e5, 0.25, 7, 1e-3])
    const centre = Public.centre([0.5, -1, 0, 2, 1])
    const given = rows.slice()
    const scaled = PrivateScatter.make({ dimension, bound, centre, scale })
    scaled.add(given)
    assert.deepStrictEqual(given, rows)
    const byHand = PrivateScatter.make({
      dimension,
      bound,
      centre: Public.centre(centre.map((value, j) => value / scale[j]!)),
    })
    byHand.add(rows.map((value, at) => value / scale[at % dimension]!))
    assert.deepStrictEqual(reveal(scaled), reveal(byHand))
    const unscaled = PrivateScatter.make({ dimension, bound, centre })
    unscaled.add(rows)
    assert.notDeepEqual(reveal(unscaled), reveal(byHand))
    assert.throws(() => scaled.merge(unscaled), InvalidInput, /scales/)
    assert.throws(
      () => PrivateScatter.make({ dimension, bound, scale: Public.scale([1, 2]) }),
      InvalidInput,
    )
  })

  it("clips a quotient beyond float64 like any long row", () => {
    const scale = Public.scale([1e-100, 1])
    const scatter = PrivateScatter.make({ dimension: 2, bound, scale })
    scatter.add(Float64Array.of(1e300, 0, -1e300, 0))
    const long = PrivateScatter.make({ dimension: 2, bound })
    long.add(Float64Array.of(1e200, 0, -1e200, 0))
    assert.deepStrictEqual(reveal(scatter), reveal(long))
  })

  it("is the exact sum of products of the clipped integer rows", () => {
    const grid = Clipping.rowGrid(1)
    const sum = Array.from({ length: 25 }, () => 0n)
    const [none, out] = [new Float64Array(dimension), new Float64Array(dimension)]
    let clipped = 0
    for (let r = 0; r < 9000; r++) {
      clipped += Clipping.quantise(
        rows.subarray(r * dimension, (r + 1) * dimension),
        grid,
        none,
        out,
      )
      const m = Array.from(out, BigInt)
      for (let i = 0; i < 25; i++) sum[i]! += m[Math.floor(i / 5)]! * m[i % 5]!
    }
    const seen = reveal(whole)
    assert.deepStrictEqual(
      sum,
      Array.from(seen.high, (high, i) => BigInt(high) * 2n ** 30n + BigInt(seen.low[i]!)),
    )
    assert.strictEqual(seen.clipped, clipped)
    assert.strictEqual(seen.rows, 9000)
    for (const shift of [1, 13, 30, 31, 40]) {
      const half = 1n << BigInt(shift - 1)
      for (let i = 0; i < 25; i++) {
        assert.strictEqual(
          rounded(seen, i, seen.exponent + shift),
          Number((sum[i]! + half) >> BigInt(shift)),
        )
      }
    }
  })

  it("does not depend on the order or the place of the rows, bit for bit", () => {
    const shuffled = new Float64Array(rows.length)
    const order = RandomStream.make(Seed.root(2)).permutation(9000)
    order.forEach((from, to) => shuffled.set(rows.subarray(from * 5, from * 5 + 5), to * 5))
    const parts = [0, 1, 2].map((k) => {
      const part = PrivateScatter.make({ dimension, bound })
      part.add(shuffled.subarray(k * 15_000, (k + 1) * 15_000))
      return part
    })
    parts[0]!.merge(parts[2]!)
    parts[0]!.merge(parts[1]!)
    assert.deepStrictEqual(reveal(parts[0]!), reveal(whole))
  })

  it("is the same sum of rows that come one by one, whether few of them wait for more or many", () => {
    for (const d of [1, 20, 130]) {
      const count = 700
      const table = normals(count * d, d).map((x) => x / 8)
      const [once, oneByOne] = [0, 1].map(() => PrivateScatter.make({ dimension: d, bound }))
      once!.add(table)
      for (let r = 0; r < count; r++) oneByOne!.add(table.subarray(r * d, (r + 1) * d))
      assert.deepStrictEqual(reveal(oneByOne!), reveal(once!), `${d} columns`)
      // and go on after it was read
      for (const each of [once!, oneByOne!]) each.add(table.subarray(0, d))
      assert.deepStrictEqual(reveal(oneByOne!), reveal(once!), `${d} columns and a row`)
      assert.strictEqual(reveal(once!).rows, count + 1)
    }
  })

  it("subtracts the public centre before it clips", () => {
    const centred = PrivateScatter.make({ dimension: 2, bound, centre: Public.centre([3, 4]) })
    centred.add(Float64Array.of(3, 4, 3.5, 4, 1e308, 4))
    const { clipped, high } = reveal(centred)
    assert.strictEqual(clipped, 1)
    assert.deepStrictEqual(high, Float64Array.of((2 ** 38 + 2 ** 40) / 2 ** 30, 0, 0, 0))
  })

  it("sums in strips what is wider than one of them", () => {
    const d = 1100
    // less memory than a block takes
    const kernels = Kernels.makeStrict({ capacity: 2 ** 12 })
    const wide = PrivateScatter.make({ dimension: d, bound, kernels })
    const two = normals(2 * d, 3)
    wide.add(two)
    const [first, second] = [0, d].map((from) => {
      const out = new Float64Array(d)
      Clipping.quantise(two.subarray(from, from + d), Clipping.rowGrid(1), new Float64Array(d), out)
      return out
    })
    const { high, low } = reveal(wide)
    const wrong = low.findIndex((part, at) => {
      const [i, j] = [Math.floor(at / d), at % d]
      return high[at]! * 2 ** 30 + part !== first![i]! * first![j]! + second![i]! * second![j]!
    })
    assert.strictEqual(wrong, -1)
  })

  it("takes no row and one row in the largest dimension", () => {
    const d = largestDimension
    const widest = PrivateScatter.make({ dimension: d, bound })
    widest.add(new Float64Array())
    const row = new Float64Array(d)
    row[0] = row[d - 1] = 0.5
    widest.add(row)
    const { high, rows: count } = reveal(widest)
    assert.strictEqual(count, 1)
    const corners = [0, d - 1, (d - 1) * d, d * d - 1]
    assert.deepStrictEqual(
      corners.map((at) => high[at]),
      corners.map(() => 2 ** 8),
    )
    assert.strictEqual(high[2 * d], 0)
    // the sum alone has 1 GiB
  }, 300_000)

  it("shows nothing when it is printed", () => {
    const secret = PrivateScatter.make({ dimension: 1, bound })
    secret.add(Float64Array.of(0.123456))
    for (const text of [inspect(secret, { depth: 9, showHidden: true }), JSON.stringify(secret)]) {
      assert.notMatch(text, /rows|clipped|129|15241|high/)
    }
  })

  it("refuses wrong shapes, and rows that are no numbers with one message for all of them", () => {
    for (const wrong of [0, 1.5, largestDimension + 1]) {
      assert.throws(
        () => PrivateScatter.make({ dimension: wrong, bound }),
        InvalidInput,
        /dimension must be an integer from 1 to 8192/,
      )
    }
    assert.throws(
      () => PrivateScatter.make({ dimension: 2, bound, centre: Public.centre([1]) }),
      InvalidInput,
      /length of centre/,
    )
    const messages = [
      [Number.NaN, 0],
      [1e300, Number.POSITIVE_INFINITY],
      [1, 2, 3],
    ].map((bad) => {
      try {
        PrivateScatter.make({ dimension: 2, bound }).add(Float64Array.from(bad))
      } catch (error) {
        return String(error)
      }
      return "nothing"
    })
    assert.strictEqual(new Set(messages).size, 1)
    assert.match(messages[0]!, /rows must be finite numbers, .* no more than 2\^24 of them$/)
    const other = PrivateScatter.make({ dimension: 5, bound: Public.bound(2) })
    assert.throws(
      () => whole.merge(other),
      InvalidInput,
      /the same dimension, bound, centre and scales/,
    )
    assert.throws(() => whole.merge(whole), InvalidInput, /each row counts once/)
  })

  it("asks kernels that know it whether rows are finite, and adds none where they are not", () => {
    const asked: Array<number> = []
    const areFinite = (numbers: Float64Array) => {
      asked.push(numbers.length)
      return numbers.every(Number.isFinite)
    }
    const kernels = { ...Kernels.strict(), areFinite }
    const scatter = PrivateScatter.make({ dimension: 2, bound, kernels })
    const table = normals(2 * 5000, 4)
    table[2 * 4999] = Number.NaN
    assert.throws(() => scatter.add(table), InvalidInput, /rows must be finite numbers/)
    assert.strictEqual(reveal(scatter).rows, 0)
    assert.isTrue(reveal(scatter).high.every((x) => x === 0))
    scatter.add(table.subarray(0, 2 * 4999))
    assert.deepStrictEqual(asked, [10_000, 9998])
    const plain = PrivateScatter.make({ dimension: 2, bound })
    assert.throws(() => plain.add(table), InvalidInput, /rows must be finite numbers/)
    plain.add(table.subarray(0, 2 * 4999))
    assert.deepStrictEqual(reveal(plain), reveal(scatter))
  })

  it("takes subnormal and huge rows without an error", () => {
    const extreme = PrivateScatter.make({ dimension: 1, bound })
    extreme.add(Float64Array.of(5e-324, 1e300, -1e308))
    assert.deepStrictEqual(reveal(extreme).high, Float64Array.of(2 ** 11))
  })
})
