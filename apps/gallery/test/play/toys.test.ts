/** What the pictures say, without a picture. */
import { assert, describe, it } from "@effect/vitest"
import { toys } from "../../src/play/index.ts"
import type { Point } from "../../src/play/Point.ts"
import type { Playing, Values } from "../../src/play/Toy.ts"

const named = (id: string) => toys.find((toy) => toy.id === id)!

/** Plays to the end, and gives what is told there. */
const toTheEnd = (playing: Playing): string => {
  let frames = 0
  while (playing.advance()) assert.isBelow(++frames, 100_000)
  return playing.tell()
}

const told = (id: string, values: Values = {}, at?: Point): string => {
  const toy = named(id)
  const usual = Object.fromEntries(toy.knobs.map((knob) => [knob.id, knob.value]))
  return toTheEnd(toy.begin({ ...usual, ...values }, at))
}

/** The numbers that stand after some words. */
const after = (text: string, words: string): ReadonlyArray<number> => {
  assert.include(text, words)
  const rest = text.slice(text.indexOf(words) + words.length)
  return Array.from(rest.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g), ([number]) => Number(number))
}

describe("every toy", () => {
  for (const { begin, id, knobs } of toys) {
    it(`ends at both ends of each of its knobs, and the same each time: ${id}`, () => {
      const usual = Object.fromEntries(knobs.map((knob) => [knob.id, knob.value]))
      for (const { id: name, least, most } of knobs) {
        for (const value of [least, most]) {
          const values = { ...usual, [name]: value }
          const first = toTheEnd(begin(values))
          assert.match(first, /\.$/)
          assert.notMatch(first, /NaN|undefined/)
          assert.strictEqual(toTheEnd(begin(values)), first)
        }
      }
    })
  }
})

describe("what a toy tells", () => {
  it("has USAM diverge from the radius of the claim on, and SAM go to the origin", () => {
    const far = told("normalisation", { radius: 0.1 })
    assert.match(far, /USAM diverged at step \d+;/)
    const [x, y] = after(far, "SAM at (").slice(-2)
    assert.isBelow(Math.hypot(x!, y!), 9.5)
    assert.match(told("normalisation", { radius: 0.002 }), /USAM at \(/)
  })

  it("has SAM drift as the law says, and the others stay", () => {
    const text = told("drift")
    const [law] = after(text, "SAM is predicted to be at ")
    const [end] = after(text, "; SAM at (")
    assert.closeTo(end!, law!, 0.02)
    const [still] = after(text, "GD at (")
    assert.closeTo(still!, 1.2, 0.1)
  })

  it("has SAM and label noise end at the flattest minimum, and not gradient descent", () => {
    const text = told("flattest", { noise: 0.5 })
    for (const words of ["SAM at (", "label noise at ("]) {
      const [x, y] = after(text, words)
      assert.closeTo(x!, 1, 0.2, words)
      assert.closeTo(y!, 1, 0.2, words)
    }
    assert.isAbove(after(text, "GD at (")[0]!, 3)
  })

  it("has complex noise keep eigenvalues farther apart, on the average over seeds", () => {
    const gaps = Array.from({ length: 20 }, (_, k) => {
      const text = told("repulsion", { seed: k + 1 })
      return [after(text, "real ")[0]!, after(text, "complex ")[0]!] as const
    })
    const [real, complex] = gaps.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0])
    assert.isAbove(complex, real)
  })

  it("has the directions of a private covariance fade as epsilon falls", () => {
    const cosine = (epsilon: number) => after(told("covariance", { epsilon }), "cosine ")[0]!
    assert.isAbove(cosine(10), 0.99)
    assert.isBelow(cosine(0.02), 0.9)
  })

  it("has two machines publish other bits no more often than the bound says", () => {
    for (const deviation of [0.005, 0.02, 0.1]) {
      const [share, bound] = after(told("machines", { deviation }), "Mismatch rate ")
      assert.isAtMost(share!, bound! + 3 * Math.sqrt(bound! / 2000))
      assert.isAbove(share!, 0)
    }
  })

  it("has a catapult past the critical rate, none below it, and no way back far past it", () => {
    const peak = (text: string) => after(text, "at most ")[0]!
    const start = peak(told("catapult", { rate: 0.8 }))
    const thrown = told("catapult", { rate: 1.6 })
    assert.isAbove(peak(thrown), 2 * start)
    assert.isBelow(after(thrown, "loss ")[0]!, start)
    assert.isBelow(after(thrown, "critical one now ")[0]!, 1)
    // with a catapult and without
    for (const text of [thrown, told("catapult", { rate: 0.8 })]) {
      const [first, last] = after(text, "alignment ")
      assert.isAbove(last!, first! + 0.3)
    }
  })
})
