import { InvalidInput, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as NormalDistribution from "../src/NormalDistribution.ts"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { constant } from "./support/Matrices.ts"

const stream = (label: string | number = 3) =>
  RandomStream.make(Seed.root(42).child("labels").child(label))

/** The statistic sum (observed - expected)^2 / expected, in standard deviations from its mean, for many cells. */
const excess = (counts: ReadonlyArray<number>, expected: ReadonlyArray<number>): number => {
  const statistic = counts.reduce(
    (sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!,
    0,
  )
  const degrees = counts.length - 1
  return (statistic - degrees) / Math.sqrt(2 * degrees)
}

describe("RandomStream", () => {
  it("repeats the words of xoshiro128++ for a known state", () => {
    // State 1, 2, 3, 4: first outputs of the authors' C program.
    const reference = new RandomStream.RandomStream(Int32Array.of(1, 2, 3, 4))
    assert.deepStrictEqual(
      Array.from({ length: 5 }, () => reference.word()),
      [641, 1573767, 3222811527, 3517856514, 836907274],
    )
  })

  it("keeps its bits", () => {
    // Golden: a change here changes every number that the project has published.
    const s = stream()
    assert.deepStrictEqual(
      [s.uniform(), s.uniformOpen(), s.integer(1000), s.sign()],
      [0.6566153322891852, 0.5983468978339722, 768, -1],
    )
    const normals = new Float64Array(100_000)
    s.fillNormal(normals)
    // All branches of the ziggurat occur in a hundred thousand draws.
    assert.deepStrictEqual(
      [normals[0], normals[99_999], Vector.norm(normals)],
      [0.595597295401798, 0.8867500297742412, 316.1433723812492],
    )
  })

  it("gives the same bits in bulk as one at a time", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(2 ** 31), (n, seed) => {
        const [bulk, single] = [stream(seed), stream(seed)]
        const out = new Float64Array(n)
        const fills = [
          [() => bulk.fillNormal(out), () => single.normal()],
          [() => bulk.fillUniform(out), () => single.uniform()],
          [() => bulk.fillRademacher(out), () => single.sign()],
        ] as const
        for (const [fill, draw] of fills) {
          fill()
          assert.deepStrictEqual(out, Float64Array.from(out, draw))
        }
        assert.deepStrictEqual(bulk.state, single.state)
      }),
      { numRuns: 100 },
    )
  })

  it("draws integers by the remainder of the first word that is not rejected", () => {
    for (const n of [1, 2, 3, 160, 2 ** 31 - 1, 2 ** 31, 3_000_000_019, 2 ** 32 - 1, 2 ** 32]) {
      const [ours, words] = [stream(n), stream(n)]
      const rejected = BigInt(2 ** 32) % BigInt(n)
      for (let i = 0; i < 200; i++) {
        let word = BigInt(words.word())
        while (word < rejected) word = BigInt(words.word())
        assert.strictEqual(ours.integer(n), Number(word % BigInt(n)))
      }
    }
  })

  it("draws uniforms in range, evenly", () => {
    const s = stream("uniform")
    const counts = constant(1000, 0)
    let [smallest, largest] = [1, 0]
    for (let i = 0; i < 200_000; i++) {
      const u = s.uniform()
      counts[Math.floor(1000 * u)]!++
      const open = s.uniformOpen()
      smallest = Math.min(smallest, open)
      largest = Math.max(largest, open)
    }
    assert.isAtMost(Math.abs(excess(counts, constant(1000, 200))), 5)
    assert.isTrue(smallest > 0 && largest < 1)
    // The extreme states of the generator: all words 0, all words 2^32 - 1.
    const fixed = (word: number) => {
      const extreme = new RandomStream.RandomStream(new Int32Array(4))
      extreme.word = () => word
      return extreme
    }
    assert.deepStrictEqual([fixed(0).uniform(), fixed(0).uniformOpen()], [0, 2 ** -53])
    const top = fixed(2 ** 32 - 1)
    assert.deepStrictEqual([top.uniform(), top.uniformOpen()], [1 - 2 ** -53, 1 - 2 ** -53])
  })

  /** The x with P(Z <= x) = p, by bisection. */
  const quantile = (p: number): number => {
    let [low, high] = [-8, 8]
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2
      if (NormalDistribution.cdf(middle) < p) low = middle
      else high = middle
    }
    return high
  }

  it("draws normals that follow the distribution function, into the tail", () => {
    const n = 500_000
    const out = new Float64Array(n)
    stream("normal").fillNormal(out)
    // Cells of equal probability inside, and the tail beyond the last layer of the ziggurat on both sides.
    const inner = Array.from({ length: 399 }, (_, i) => quantile((i + 1) / 400))
    const tail = 3.6541528853610088
    const edges = [-tail, ...inner, tail]
    const counts = constant(edges.length + 1, 0)
    for (const x of out) {
      let [low, high] = [0, edges.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (edges[middle]! <= x) low = middle + 1
        else high = middle
      }
      counts[low]!++
    }
    const below = [-Infinity, ...edges, Infinity].map(NormalDistribution.cdf)
    const expected = counts.map((_, i) => n * (below[i + 1]! - below[i]!))
    assert.isAtMost(Math.abs(excess(counts, expected)), 5)
    const moment = (p: number) => out.reduce((sum, x) => sum + x ** p, 0) / n
    // Five standard errors each: the variances are 1, 2, 15 and 96 over n.
    assert.isBelow(Math.abs(moment(1)), 5 * Math.sqrt(1 / n))
    assert.isBelow(Math.abs(moment(2) - 1), 5 * Math.sqrt(2 / n))
    assert.isBelow(Math.abs(moment(3)), 5 * Math.sqrt(15 / n))
    assert.isBelow(Math.abs(moment(4) - 3), 5 * Math.sqrt(96 / n))
  })

  it("draws integers without bias, up to 2^53", () => {
    const s = stream("integer")
    for (const n of [1, 2, 3, 7, 100]) {
      const counts = constant(n, 0)
      for (let i = 0; i < 1000 * n; i++) counts[s.integer(n)]!++
      if (n > 1) assert.isAtMost(excess(counts, constant(n, 1000)), 6)
    }
    // A modulus just above half the range shows the bias that plain reduction has: its lower half would be twice as likely.
    for (const n of [3 * 2 ** 30, 3 * 2 ** 51]) {
      let low = 0
      for (let i = 0; i < 9000; i++) if (s.integer(n) < n / 3) low++
      assert.isAtMost(Math.abs(low - 3000), 5 * Math.sqrt(2000))
    }
    assert.isBelow(s.integer(2 ** 53), 2 ** 53)
    for (const n of [0, -1, 1.5, NaN, 2 ** 54]) assert.throws(() => s.integer(n), InvalidInput)
  })

  it("draws points on the sphere that have length 1 and no preferred axis", () => {
    const s = stream("sphere")
    const out = new Float64Array(3)
    const squares = new Float64Array(3)
    let worst = 0
    for (let i = 0; i < 20_000; i++) {
      s.fillSphere(out)
      worst = Math.max(worst, Math.abs(Vector.norm(out) - 1))
      out.forEach((x, k) => (squares[k] = squares[k]! + x * x))
    }
    assert.isAtMost(worst, 4e-16)
    // The variance of x^2 on the sphere in three dimensions is 4 / 45.
    squares.forEach((sum) =>
      assert.isAtMost(Math.abs(sum - 20_000 / 3), 5 * Math.sqrt(20_000 * (4 / 45))),
    )
    const one = new Float64Array(1)
    s.fillSphere(one)
    assert.strictEqual(Math.abs(one[0]!), 1)
    s.fillSphere(new Float64Array(0))
  })

  it("draws permutations uniformly", () => {
    const s = stream("permutation")
    const counts = new Map<string, number>()
    for (let i = 0; i < 24_000; i++) {
      const key = s.permutation(4).join()
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    assert.strictEqual(counts.size, 24)
    assert.isAtMost(excess([...counts.values()], constant(24, 1000)), 6)
    assert.deepStrictEqual(s.permutation(0), new Uint32Array(0))
    assert.deepStrictEqual(s.permutation(1), Uint32Array.of(0))
    const items = ["a", "b", "c"]
    s.shuffle(items)
    assert.deepStrictEqual(items.toSorted(), ["a", "b", "c"])
    assert.throws(() => s.permutation(-1), InvalidInput)
  })

  it("starts somewhere even where all words of the seed are zero", () => {
    const zero: Seed.Seed = { words: [0, 0, 0, 0], path: [], child: () => zero }
    const s = RandomStream.make(zero)
    assert.notStrictEqual(s.word(), s.word())
  })
})
