import { InvalidInput, RandomStream, Seed } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { constant } from "./support/Matrices.ts"

const label = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.double({ noNaN: true }))
const path = fc.array(label, { maxLength: 5 })
const follow = (labels: ReadonlyArray<string | number>) =>
  labels.reduce<Seed.Seed>((seed, next) => seed.child(next), Seed.root(42))

describe("Seed", () => {
  it("depends on the path alone", () => {
    fc.assert(
      fc.property(path, path, (first, second) => {
        const shared = follow(first)
        // Other children drawn in between change nothing.
        for (const other of second) shared.child(other)
        assert.deepStrictEqual(shared.words, follow(first).words)
        assert.deepStrictEqual(shared.path, [42, ...first])
        const key = (labels: ReadonlyArray<string | number>) =>
          JSON.stringify(labels.map((x) => [typeof x, x === 0 ? 0 : x]))
        if (key(first) !== key(second)) {
          assert.notDeepEqual(follow(second).words, shared.words)
        }
      }),
      { numRuns: 500 },
    )
  })

  it("tells numbers from strings, lengths, and nesting from joining", () => {
    const root = Seed.root(42)
    const seeds = [
      root,
      root.child(3),
      root.child("3"),
      root.child(""),
      root.child("\0"),
      root.child("\0\0"),
      root.child("ab"),
      root.child("a").child("b"),
      root.child("b").child("a"),
      Seed.root(43),
      Seed.root("42"),
    ]
    assert.strictEqual(new Set(seeds.map(({ words }) => words.join())).size, seeds.length)
  })

  it("keeps its bits", () => {
    // Golden: a change here changes every number that the project has published.
    assert.deepStrictEqual(Seed.root(42).words, [807499017, 1740354801, 3804135816, 1565210944])
    assert.deepStrictEqual(
      Seed.root(42).child("labels").child(3).words,
      [2002586210, 4194642108, 3935001203, 1493461867],
    )
  })

  it("spreads neighbouring labels over all bits", () => {
    // Each of the 128 bits of children 0..1023 is fair within 5 standard deviations.
    const counts = constant(128, 0)
    const root = Seed.root(1)
    for (let i = 0; i < 1024; i++) {
      root.child(i).words.forEach((word, w) => {
        for (let bit = 0; bit < 32; bit++) counts[32 * w + bit]! += (word >>> bit) & 1
      })
    }
    assert.isAtMost(Math.max(...counts.map((count) => Math.abs(count - 512))), 5 * 16)
  })

  it("counts -0 as 0 and refuses NaN", () => {
    assert.deepStrictEqual(Seed.root(-0).words, Seed.root(0).words)
    assert.throws(() => Seed.root(NaN), InvalidInput)
    assert.throws(() => Seed.root(1).child(NaN), InvalidInput)
  })

  it("gives streams that are not correlated", () => {
    const n = 20_000
    const [a, b] = [0, 1].map((i) => {
      const out = new Float64Array(n)
      RandomStream.make(Seed.root(9).child(i)).fillNormal(out)
      return out
    })
    const correlation = a!.reduce((sum, x, i) => sum + x * b![i]!, 0) / n
    assert.isAtMost(Math.abs(correlation), 5 / Math.sqrt(n))
  })
})
