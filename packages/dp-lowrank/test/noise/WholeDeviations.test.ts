// Where the cells end against digits from elsewhere, and what decides between two of them.
import { assert, describe, it } from "vitest"
import { IntegerDraws } from "../../src/noise/IntegerDraws.ts"
import * as WholeDeviations from "../../src/noise/WholeDeviations.ts"
import { seeded } from "../support/Unsafe.ts"

/** Sums of exp(-j^2 / 2) up to k over the sum of all, times 2^96 and rounded down: by the decimals of Python, with 120 digits. */
const known = [
  0x92025b19482ce72bd40241fen,
  0xea91798547a0ef93d55d4ff9n,
  0xfe5415c6e9da4baeeabab39cn,
  0xfff3523319908c11d937bd03n,
  0xffffdc31b8ef5942488c43f4n,
  0xffffffdaa2d72344f06d574fn,
  0xfffffffff1a20da4272e3924n,
  0xfffffffffffdf76c4ac9d6efn,
  0xffffffffffffffe4e341e1b0n,
  0xffffffffffffffffff7b01den,
] as const

/** Draws from a list of words, which has no more of them. */
const listed = (words: ReadonlyArray<number>) => {
  const draws = new IntegerDraws({
    _tag: "Unsafe",
    name: "a list",
    fill: (buffer) => buffer.set(words, buffer.length - words.length),
  })
  // the list is the end of the buffer
  for (let i = 2048; i > words.length; i--) draws.word()
  return draws
}

describe("WholeDeviations", () => {
  it("encloses where the cells end, to the last bit", () => {
    for (const bits of [32, 64, 96]) {
      const { ends, starts } = WholeDeviations.cells(bits)
      const shift = 96n - BigInt(bits)
      known.slice(0, bits === 32 ? 6 : 8).forEach((bound, k) => {
        assert.strictEqual(ends[k], bound >> shift, `end ${k} of ${bits} bits`)
        assert.strictEqual(starts[k], (bound >> shift) + 1n, `start ${k} of ${bits} bits`)
      })
    }
  })

  it("never says of few bits what more of them would deny", () => {
    const few = WholeDeviations.cells(32)
    for (const bits of [64, 96, 4096]) {
      const { ends, starts } = WholeDeviations.cells(bits)
      const shift = BigInt(bits) - 32n
      few.ends.forEach((end, k) => {
        assert.isTrue(end << shift <= ends[k]! && ends[k]! < starts[k]!)
        assert.isTrue(starts[k]! <= few.starts[k]! << shift)
      })
    }
  })

  it("takes another word where one leaves the cell open, and as many as are needed", () => {
    const most = 2 ** 32 - 1
    known.slice(0, 6).forEach((bound, k) => {
      const [first, second, third] = [64n, 32n, 0n].map((at) => Number((bound >> at) & 0xffffffffn))
      for (const [words, cell] of [
        [[first! - 1], k],
        [[first! + 1], k + 1],
        [[first!, second! - 1], k],
        [[first!, second! + 1], k + 1],
        [[first!, second!, third! - 1], k],
        [[first!, second!, third! + 1], k + 1],
      ] as const) {
        const draws = listed([...words, 7])
        assert.strictEqual(WholeDeviations.sample(draws), cell, `words ${words.join()}`)
        assert.strictEqual(draws.word(), 7)
      }
    })
    assert.strictEqual(WholeDeviations.sample(listed([0])), 0)
    assert.strictEqual(WholeDeviations.sample(listed([most, 0])), 6)
    assert.strictEqual(WholeDeviations.sample(listed([most, most, 0])), 9)
  })

  it("is as frequent as its weight (within 4.9 deviations)", () => {
    const n = 400_000
    const draws = new IntegerDraws(seeded(11))
    const counts = new Float64Array(12)
    for (let i = 0; i < n; i++) counts[WholeDeviations.sample(draws)]!++
    for (let k = 0; k < 5; k++) {
      const before = k === 0 ? 0n : known[k - 1]!
      const p = Number(known[k]! - before) / 2 ** 96
      assert.isAtMost(Math.abs(counts[k]! / n - p), 4.9 * Math.sqrt((p * (1 - p)) / n), `k = ${k}`)
    }
  })
})
