import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Exactly from "../../src/numbers/Exactly.ts"

/** A double as an integer of 2^-200ths, exactly. */
const exactly = (x: number): bigint => {
  let [mantissa, exponent] = [x, 200]
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent--
  }
  return BigInt(mantissa) * 2n ** BigInt(exponent)
}

describe("products in twice the working precision", () => {
  it.each([false, true])("have all digits in two parts, transposed %s", (transpose) => {
    const stream = RandomStream.make(Seed.root(1).child("products"))
    const [rows, columns] = [7, 5]
    const matrix = Float64Array.from({ length: rows * columns }, () => 1 + stream.uniform())
    const length = transpose ? rows : columns
    const x = {
      level: Float64Array.from({ length }, () => stream.normal()),
      rest: Float64Array.from({ length }, () => 2 ** -55 * stream.normal()),
    }
    const sum = Exactly.zeros(transpose ? columns : rows)
    sum.level.fill(-1.5)
    Exactly.addProduct(transpose, rows, columns, matrix, x, sum)
    const scale = 2n ** 200n
    sum.level.forEach((found, to) => {
      let expected = -scale * exactly(1.5)
      x.level.forEach((factor, from) => {
        const at = transpose ? from * columns + to : to * columns + from
        expected += exactly(matrix[at]!) * (exactly(factor) + exactly(x.rest[from]!))
      })
      const off = scale * (exactly(found) + exactly(sum.rest[to]!)) - expected
      assert.isTrue((off < 0n ? -off : off) <= scale * exactly(2 ** -99))
    })
  })

  it("keep what a sum loses", () => {
    assert.deepStrictEqual(Exactly.add({ level: 1.5, rest: 0 }, 1e-20), { level: 1.5, rest: 1e-20 })
    assert.deepStrictEqual(Exactly.add({ level: 1e-20, rest: 0 }, 1.5), { level: 1.5, rest: 1e-20 })
  })
})
