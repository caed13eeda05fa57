/** Matrix games of every size and scale, against linear programs by HiGHS and against closed forms. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { basisPursuitSolver } from "@nonconvex/problems/BasisPursuit"
import { Effect } from "effect"
import { assert, beforeAll, describe, it } from "vitest"
import { equilibrium } from "../../src/index.ts"
import { type GameAnswer } from "../../src/game/Equilibria.ts"
import { linearProgramOf } from "../support/LinearProgram.ts"

type Entry = (i: number, j: number, stream: RandomStream.RandomStream) => number

const payoffsOf = (rows: number, columns: number, entry: Entry, seed = 1): Float64Array => {
  const stream = RandomStream.make(Seed.root(seed).child("payoffs"))
  return Float64Array.from({ length: rows * columns }, (_, k) =>
    entry(Math.floor(k / columns), k % columns, stream),
  )
}

const solved = (payoffs: Float64Array, columns: number, kernels = Kernels.strict()): GameAnswer =>
  equilibrium({ payoffs, columns, seed: Seed.root(1), kernels })

const normal: Entry = (_, __, stream) => stream.normal()
const kinds: Readonly<Record<string, Entry>> = {
  normal,
  uniform: (_, __, stream) => stream.uniform(),
  integer: (_, __, stream) => stream.integer(11) - 5,
  binary: (_, __, stream) => stream.integer(2),
  constant: () => 7,
  identity: (i, j) => (i === j ? 1 : 0),
  "alike in pairs": (i, j) => Math.sin(100 * (i >> 1) + 17 * (j >> 1)),
  cyclic: (i, j) => [0, 1, -1][(((i - j) % 3) + 3) % 3]!,
  sparse: (_, __, stream) => (stream.uniform() < 0.1 ? stream.normal() : 0),
  "of many sizes": (_, __, stream) => stream.normal() * 10 ** (6 * stream.uniform() - 3),
  forbidding: (i, j, stream) => ((i + 2 * j) % 7 === 0 ? -1e6 : stream.normal()),
  sums: (i, j) => i + 2 * j,
}

const shapes = [
  [1, 1],
  [1, 6],
  [6, 1],
  [2, 3],
  [7, 7],
  [3, 20],
  [30, 12],
] as const

let valueOf: (payoffs: Float64Array, columns: number) => number

beforeAll(async () => {
  valueOf = linearProgramOf(await Effect.runPromise(basisPursuitSolver))
})

/** Strategies are probabilities, and both bounds are kept by strategies that the other player can check. */
const requireAnswer = (payoffs: Float64Array, columns: number, answer: GameAnswer): void => {
  const rows = payoffs.length / columns
  const { point } = answer.published
  const [x, y] = [point.slice(0, columns), point.slice(columns)]
  for (const player of [x, y]) {
    assert.isTrue(player.every((p) => p >= 0 && p <= 1))
    assert.approximately(
      player.reduce((a, b) => a + b, 0),
      1,
      1e-12,
    )
  }
  const range = payoffs.reduce((a, b) => Math.max(a, b)) - payoffs.reduce((a, b) => Math.min(a, b))
  const rounding = 1e-9 * (range || Math.abs(payoffs[0]!) || 1)
  const paid = Array.from({ length: rows }, (_, i) =>
    x.reduce((sum, p, j) => sum + p * payoffs[i * columns + j]!, 0),
  )
  const got = Array.from({ length: columns }, (_, j) =>
    y.reduce((sum, p, i) => sum + p * payoffs[i * columns + j]!, 0),
  )
  assert.approximately(Math.max(...paid), answer.value.most, rounding)
  assert.approximately(Math.min(...got), answer.value.least, rounding)
  assert.isAtMost(answer.gap, 1e-4 * range + rounding)
}

describe("equilibrium", () => {
  for (const [kind, entry] of Object.entries(kinds)) {
    it.each(shapes)(
      `has the value of the linear program of payoffs that are ${kind}, %i x %i`,
      (rows, columns) => {
        const payoffs = payoffsOf(rows, columns, entry)
        const answer = solved(payoffs, columns)
        requireAnswer(payoffs, columns, answer)
        const value = valueOf(payoffs, columns)
        // HiGHS is feasible to 1e-7
        const room = 1e-7 * (1 + Math.max(...payoffs) - Math.min(...payoffs))
        assert.isAtLeast(value, answer.value.least - room)
        assert.isAtMost(value, answer.value.most + room)
      },
    )
  }

  it.each([
    ["300 x 300", 300, 300, normal],
    ["2 x 1000", 2, 1000, normal],
    ["1000 x 1", 1000, 1, normal],
    ["1000 x 30 of ties", 1000, 30, kinds["binary"]!],
    ["200 x 200 alike in pairs", 200, 200, kinds["alike in pairs"]!],
    ["200 x 200 of one payoff", 200, 200, kinds["constant"]!],
  ] as const)("answers %s", (_, rows, columns, entry) => {
    const payoffs = payoffsOf(rows, columns, entry)
    const answer = solved(payoffs, columns)
    requireAnswer(payoffs, columns, answer)
    assert.isAtMost(answer.certified.distance, 1e-15)
  })

  it.each([
    ["the largest numbers", 1.7e308],
    ["the smallest numbers", 5e-324],
    ["integers of 15 digits", 1e15],
    ["thirds", 1 / 3],
  ])("plays matching pennies for %s", (_, stake) => {
    const payoffs = Float64Array.of(stake, -stake, -stake, stake)
    const { published, target, value } = solved(payoffs, 2)
    assert.strictEqual(target, "equilibrium")
    for (const p of published.point) assert.approximately(p, 0.5, 1e-8)
    assert.isAtMost(Math.abs(value.most), 1e-7 * stake + 5e-324)
    assert.isAtMost(Math.abs(value.least), 1e-7 * stake + 5e-324)
  })

  it("does not mind a million more for everything, as far as its digits go", () => {
    const payoffs = payoffsOf(25, 25, normal)
    const [one, more] = [payoffs, payoffs.map((x) => x + 1e6)].map((each) => solved(each, 25))
    assert.strictEqual(more!.target, "equilibrium")
    assert.isTrue(
      more!.published.point.every((p, i) => Math.abs(p - one!.published.point[i]!) < 1e-6),
    )
    assert.approximately(more!.value.least, one!.value.least + 1e6, 1e-6)
    assert.approximately(more!.gap, one!.gap, 1e-6)
  })

  it("scales with payoffs by any factor", () => {
    const payoffs = payoffsOf(25, 25, normal)
    const [one, more] = [payoffs, payoffs.map((x) => 1e-9 * x)].map((each) => solved(each, 25))
    assert.isTrue(
      more!.published.point.every((p, i) => Math.abs(p - one!.published.point[i]!) < 1e-6),
    )
    assert.approximately(more!.value.least, 1e-9 * one!.value.least, 1e-15)
  })

  it("gives what is alike the same probability, bit for bit before it is rounded", () => {
    const payoffs = payoffsOf(8, 6, kinds["alike in pairs"]!)
    const { certified, target } = solved(payoffs, 6)
    assert.strictEqual(target, "regularised")
    for (let k = 0; k < 14; k += 2) {
      assert.approximately(certified.point[k]!, certified.point[k + 1]!, 2 * certified.distance)
    }
  })

  it("swaps the players with the payoffs", () => {
    const payoffs = payoffsOf(9, 4, normal)
    const turned = payoffsOf(4, 9, (i, j) => -payoffs[j * 4 + i]!)
    const [one, other] = [solved(payoffs, 4), solved(turned, 9)]
    const swapped = Float64Array.of(
      ...other.certified.point.subarray(9),
      ...other.certified.point.subarray(0, 9),
    )
    swapped.forEach((p, i) => assert.approximately(p, one.certified.point[i]!, 1e-14))
    assert.approximately(other.value.least, -one.value.most, 1e-7)
  })

  it("publishes the same bits by strict, relaxed and plain kernels", () => {
    let certain = 0
    for (let seed = 1; seed <= 60; seed++) {
      const [rows, columns] = [2 + (seed % 19), 2 + (seed % 23)]
      const entry = Object.values(kinds)[seed % 12]!
      const payoffs = payoffsOf(rows, columns, entry, seed)
      const [strict, relaxed, plain] = [
        Kernels.strict(),
        RelaxedKernels.relaxed(),
        Kernels.reference(),
      ].map((kernels) => solved(payoffs, columns, kernels))
      assert.deepStrictEqual(plain, strict)
      assert.deepStrictEqual(relaxed!.published.point, strict!.published.point)
      if (strict!.published.certain) certain++
    }
    assert.isAtLeast(certain, 55)
  })

  it("reports every step, and asks no kernels but those it is given", () => {
    const payoffs = payoffsOf(12, 12, normal)
    const seen: Array<number> = []
    const answer = Kernels.onlyGiven(() =>
      equilibrium({
        payoffs,
        columns: 12,
        seed: Seed.root(1),
        kernels: Kernels.reference(),
        onStep: ({ steps }) => seen.push(steps),
      }),
    )
    assert.deepStrictEqual(
      seen,
      Array.from({ length: answer.certified.steps }, (_, k) => k + 1),
    )
  })

  it("leaves the memory of the kernels as it was", () => {
    const kernels = Kernels.makeStrict({ capacity: 2 ** 22 })
    solved(payoffsOf(9, 9, kinds["alike in pairs"]!), 9, kernels)
    solved(payoffsOf(9, 9, normal), 9, kernels)
    assert.strictEqual(kernels.arena.used, 0)
  })

  it.each([
    ["no payoffs", new Float64Array(0), 1],
    ["a ragged matrix", new Float64Array(5), 2],
    ["a payoff that is no number", Float64Array.of(1, Number.NaN), 2],
    ["a payoff without end", Float64Array.of(1, Infinity), 2],
  ] as const)("refuses %s", (_, payoffs, columns) => {
    assert.throws(() => solved(payoffs, columns), /^equilibrium: .* must be/)
  })
})
