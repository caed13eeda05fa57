/** Equilibria in fractions: known ones, laws that any must keep, and games that doubles cannot decide. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { basisPursuitSolver } from "@nonconvex/problems/BasisPursuit"
import { Effect } from "effect"
import { assert, beforeAll, describe, it } from "vitest"
import { equilibrium, exactEquilibrium, type Fraction, toNumber } from "../../src/index.ts"
import { type ExactAnswer, exactBounds } from "../../src/exact/ExactEquilibrium.ts"
import { type Mixed } from "../../src/exact/Basis.ts"
import { rockPaperScissors } from "../support/Games.ts"
import { linearProgramOf } from "../support/LinearProgram.ts"

const exactly = (payoffs: Float64Array, columns: number): ExactAnswer => {
  const found = exactEquilibrium({ payoffs, columns })
  assert.isTrue("isOnly" in found)
  return found as ExactAnswer
}

/** `1/3` and `2`. */
const text = ({ denominator, numerator }: Fraction): string =>
  denominator === 1n ? String(numerator) : `${numerator}/${denominator}`

const probabilities = ({ played, total, weights }: Mixed): Record<number, string> =>
  Object.fromEntries(
    played.map((i, k) => [i, `${weights[k]}/${total}`] as const).filter(([, p]) => p[0] !== "0"),
  )

/** Whether whole-number payoffs have this equilibrium, asked of nothing but the definition. */
const requireEquilibrium = (payoffs: Float64Array, columns: number, found: ExactAnswer): void => {
  const full = (mixed: Mixed, size: number) => {
    const weights = Array.from({ length: size }, () => 0n)
    for (const [k, i] of mixed.played.entries()) weights[i] = mixed.weights[k]!
    assert.isTrue(weights.every((w) => w >= 0n))
    assert.strictEqual(
      weights.reduce((a, b) => a + b, 0n),
      mixed.total,
    )
    return weights
  }
  const rows = payoffs.length / columns
  const [x, y] = [full(found.rows, rows), full(found.columns, columns)]
  const { denominator, numerator } = found.least
  assert.deepStrictEqual(found.most, found.least)
  for (let j = 0; j < columns; j++) {
    const gained = x.reduce((sum, w, i) => sum + w * BigInt(payoffs[i * columns + j]!), 0n)
    assert.isTrue(gained * denominator >= numerator * found.rows.total)
  }
  for (let i = 0; i < rows; i++) {
    const paid = y.reduce((sum, w, j) => sum + w * BigInt(payoffs[i * columns + j]!), 0n)
    assert.isTrue(paid * denominator <= numerator * found.columns.total)
  }
}

/** Whole payoffs, of few values in some games, of which many strategies are alike; some rows twice. */
const wholeGame = (seed: number, most = 10): { payoffs: Float64Array; columns: number } => {
  const stream = RandomStream.make(Seed.root(seed).child("payoffs"))
  const [rows, columns] = [1 + stream.integer(most), 1 + stream.integer(most)]
  const values = [2, 3, 11, 1001][stream.integer(4)]!
  const payoffs = Float64Array.from(
    { length: rows * columns },
    () => stream.integer(values) - (values >> 1),
  )
  if (rows > 1 && stream.integer(3) === 0) payoffs.copyWithin(columns, 0, columns)
  return { payoffs, columns }
}

const seeds = Array.from({ length: 200 }, (_, k) => k + 1)

describe("exactEquilibrium of known games", () => {
  it.each([
    ["rock, paper, scissors", rockPaperScissors, 3, "0", "1/3", "1/3"],
    // p / (1 - p) = 1 / 2 for either player, and what both then gain is 2 / 3
    ["pennies that pay 1 and 2", Float64Array.of(1, 0, 0, 2), 2, "2/3", "2/3", "2/3"],
    ["decimals", Float64Array.of(0.1, 0.3, 0.3, 0.1), 2, "1/5", "1/2", "1/2"],
    ["a saddle", Float64Array.of(3, 2, 5, 1, 0, 4), 3, "2", "1/1", undefined],
    ["one strategy each", Float64Array.of(0.1), 1, "1/10", "1/1", "1/1"],
    ["one row", Float64Array.of(3, -1, 2), 3, "-1", "1/1", undefined],
    ["one column", Float64Array.of(3, -1, 7), 1, "7", undefined, "1/1"],
    ["payoffs that are all alike", new Float64Array(6).fill(-0.7), 3, "-7/10", "1/1", "1/1"],
    ["the largest doubles", Float64Array.of(1e308, -1e308, -1e308, 1e308), 2, "0", "1/2", "1/2"],
  ] as const)("gives %s", (_, payoffs, columns, value, ofRow, ofColumn) => {
    const found = exactly(payoffs, columns)
    assert.strictEqual(text(found.least), value)
    assert.deepStrictEqual(found.most, found.least)
    if (ofRow !== undefined) assert.strictEqual(probabilities(found.rows)[0], ofRow)
    if (ofColumn !== undefined) assert.strictEqual(probabilities(found.columns)[0], ofColumn)
  })

  it("gives the only equilibrium of Colonel Blotto with 4 regiments against 3 and two posts", () => {
    // Gale, as in Dresher 1961: the value is 14 / 9, by (4,0), (0,4) 4/9 each and (2,2) 1/9
    const posts = (n: number) => Array.from({ length: n + 1 }, (_, k) => [n - k, k] as const)
    const payoffs = Float64Array.from(
      posts(4).flatMap(([a, b]) =>
        posts(3).map(([c, d]) =>
          [
            [a, c],
            [b, d],
          ].reduce((sum, [mine, theirs]) => {
            if (mine === theirs) return sum
            return sum + (mine! > theirs! ? theirs! + 1 : -mine! - 1)
          }, 0),
        ),
      ),
    )
    const found = exactly(payoffs, 4)
    assert.strictEqual(text(found.least), "14/9")
    assert.deepStrictEqual(probabilities(found.rows), { 0: "4/9", 2: "1/9", 4: "4/9" })
  })

  it.each([5, 12, 40])("gives a silent duel at %i distances, which is fair, the value 0", (n) => {
    const payoffs = Float64Array.from({ length: n * n }, (_, k) => {
      const [i, j] = [Math.floor(k / n) + 1, (k % n) + 1]
      return i === j ? 0 : n * (i - j) + (i < j ? i * j : -i * j)
    })
    const found = exactly(payoffs, n)
    assert.strictEqual(text(found.least), "0")
    assert.deepStrictEqual(probabilities(found.rows), probabilities(found.columns))
    requireEquilibrium(payoffs, n, found)
  })

  it("says that there is one equilibrium, and never of a game with more", () => {
    assert.isTrue(exactly(rockPaperScissors, 3).isOnly)
    // a row twice: what it is played can be shared
    assert.isFalse(exactly(Float64Array.of(1, 0, 1, 0, 0, 1), 2).isOnly)
    assert.isFalse(exactly(new Float64Array(4), 2).isOnly)
  })
})

describe("exactEquilibrium of games of integers", () => {
  let valueOf: (payoffs: Float64Array, columns: number) => number
  beforeAll(async () => {
    valueOf = linearProgramOf(await Effect.runPromise(basisPursuitSolver))
  })

  it.each(seeds)("is an equilibrium by its definition, game %i", (seed) => {
    const { columns, payoffs } = wholeGame(seed)
    const found = exactly(payoffs, columns)
    requireEquilibrium(payoffs, columns, found)
    const { target, value } = equilibrium({ payoffs, columns, seed: Seed.root(1) })
    const decimal = toNumber(found.least)
    assert.isTrue(decimal >= value.least && decimal <= value.most)
    // what doubles prove to be the only one is that also without rounding
    if (target === "equilibrium") assert.isTrue(found.isOnly)
  })

  it.each(seeds.slice(0, 40))("has the value of the linear program by HiGHS, game %i", (seed) => {
    const { columns, payoffs } = wholeGame(seed)
    const size = payoffs.reduce((most, x) => Math.max(most, Math.abs(x)), 1)
    assert.approximately(
      toNumber(exactly(payoffs, columns).least),
      valueOf(payoffs, columns),
      1e-9 * size,
    )
  })

  it.each(seeds.slice(0, 60))("follows what is done to the payoffs, game %i", (seed) => {
    const { columns, payoffs } = wholeGame(seed)
    const rows = payoffs.length / columns
    const { least } = exactly(payoffs, columns)
    const shifted = exactly(
      payoffs.map((x) => x + 1_000_003),
      columns,
    )
    assert.strictEqual(shifted.least.numerator - 1_000_003n * least.denominator, least.numerator)
    assert.strictEqual(shifted.least.denominator, least.denominator)
    const scaled = exactly(
      payoffs.map((x) => 7 * x),
      columns,
    )
    assert.strictEqual(
      scaled.least.numerator * least.denominator,
      7n * least.numerator * scaled.least.denominator,
    )
    // with the players exchanged, who then pay each other
    const turned = Float64Array.from(
      payoffs,
      (_, k) => -payoffs[(k % rows) * columns + Math.floor(k / rows)]!,
    )
    const { least: theirs } = exactly(turned, rows)
    assert.strictEqual(theirs.numerator, -least.numerator)
    assert.strictEqual(theirs.denominator, least.denominator)
  })

  it("gives the same fractions with strict kernels and plain loops", () => {
    for (const seed of seeds.slice(0, 30)) {
      const game = wholeGame(seed)
      const strict = exactEquilibrium({ ...game, kernels: Kernels.strict() })
      const plain = exactEquilibrium({ ...game, kernels: Kernels.reference() })
      assert.deepStrictEqual(plain, strict)
    }
  })
})

describe("exactEquilibrium where doubles cannot decide", () => {
  it("exchanges strategies until the fractions are an equilibrium", () => {
    let exchanges = 0
    for (const seed of seeds.slice(0, 60)) {
      const stream = RandomStream.make(Seed.root(seed).child("nearly alike"))
      const n = 3 + stream.integer(6)
      const large = 10 ** 14
      const whole = Float64Array.from(
        { length: n * n },
        () => large * (1 + stream.integer(3)) + stream.integer(5),
      )
      const found = exactly(whole, n)
      requireEquilibrium(whole, n, found)
      exchanges += found.exchanges
    }
    assert.isAbove(exchanges, 0)
  })

  it("bounds the value without rounding by any strategies, and so proves the published ones", () => {
    const payoffs = Float64Array.of(3, -1, 2, -2, 4, 0.5, 1, 1, -3)
    const { gap, published, value } = equilibrium({ payoffs, columns: 3, seed: Seed.root(1) })
    const bounds = exactBounds(payoffs, 3, published.point)
    const [least, most] = [bounds.least, bounds.most].map(toNumber)
    const exact = toNumber(exactly(payoffs, 3).least)
    assert.isTrue(least! <= exact && exact <= most!)
    assert.isAtMost(most! - least!, gap)
    assert.isTrue(value.least <= least! && most! <= value.most)
  })

  it("says how long fractions would be where they are too long", () => {
    // from 1e-300 on: the entries are integers of more than 300 digits
    const stream = RandomStream.make(Seed.root(1).child("long"))
    const n = 220
    const payoffs = Float64Array.from({ length: n * n }, (_, k) =>
      Math.floor(k / n) === k % n ? 1 + stream.uniform() : stream.uniform() * 1e-300,
    )
    const found = exactEquilibrium({ payoffs, columns: n })
    assert.isTrue("bits" in found && found.bits > n * 1000)
  })
})

describe("exactEquilibrium of what is no game", () => {
  it.each([
    ["no payoffs", new Float64Array(0), 1],
    ["a ragged matrix", Float64Array.of(1, 2, 3), 2],
    ["no columns", Float64Array.of(1), 0],
    ["a payoff without end", Float64Array.of(1, Infinity), 2],
    ["a payoff that is no number", Float64Array.of(1, NaN), 2],
    ["one that is all there is", Float64Array.of(NaN), 1],
  ])("refuses %s", (_, payoffs, columns) => {
    assert.throws(() => exactEquilibrium({ payoffs, columns }), /exactEquilibrium|equilibrium/)
  })
})
