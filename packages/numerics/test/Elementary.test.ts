import * as Elementary from "@nonconvex/numerics/Elementary"
import { assert, describe, it } from "vitest"
import { rounded } from "./known/ElementaryRounded.ts"

/** The unit of the last place of a normal double. */
const unitOf = (x: number): number => 2 ** (Math.floor(Math.log2(Math.abs(x))) - 52)

type Function = (...values: ReadonlyArray<number>) => number

/** Ours, the engine's, and what the docstring promises, in units of the last place. */
const functions: Record<keyof typeof rounded, readonly [Function, Function, number]> = {
  exp: [Elementary.exp, Math.exp, 1],
  expm1: [Elementary.expm1, Math.expm1, 1],
  tanh: [Elementary.tanh, Math.tanh, 2.5],
  sinh: [Elementary.sinh, Math.sinh, 2],
  cosh: [Elementary.cosh, Math.cosh, 2],
  log: [Elementary.log, Math.log, 1],
  log1p: [Elementary.log1p, Math.log1p, 1],
  log2: [Elementary.log2, Math.log2, 1],
  log10: [Elementary.log10, Math.log10, 1],
  asinh: [Elementary.asinh, Math.asinh, 2],
  atanh: [Elementary.atanh, Math.atanh, 2],
  cbrt: [Elementary.cbrt, Math.cbrt, 0.7],
  sin: [Elementary.sin, Math.sin, 1],
  cos: [Elementary.cos, Math.cos, 1],
  asin: [Elementary.asin, Math.asin, 1],
  pow: [Elementary.pow, Math.pow, 1],
  hypot: [Elementary.hypot, Math.hypot, 1],
}

const names = Object.keys(functions) as ReadonlyArray<keyof typeof functions>

const edges = [
  0,
  -0,
  1,
  -1,
  2,
  -2,
  0.5,
  -0.5,
  3,
  -3,
  Infinity,
  -Infinity,
  NaN,
  1e300,
  -1e300,
  5e-324,
  -5e-324,
  2 ** 53 + 2,
  9007199254740991,
  -9007199254740991,
]

/** What ECMAScript itself defines: NaN, infinities and zeros with their signs. */
const isDefined = (value: number): boolean =>
  value === 0 || !Number.isFinite(value) || Math.abs(value) === 1

describe("Elementary", () => {
  it.each(names)("%s errs no more than it says", (name) => {
    const [ours, , promised] = functions[name]
    const errors = rounded[name].map(
      ([values, nearest, rest]) => (ours(...values) - nearest) / unitOf(nearest) - rest,
    )
    assert.strictEqual(errors.length, 16)
    assert.deepStrictEqual(
      errors.filter((error) => !(Math.abs(error) < promised)),
      [],
    )
  })

  it.each(names)("%s is what ECMAScript defines at the ends", (name) => {
    const [ours, standard] = functions[name]
    const all =
      ours.length === 1 ? edges.map((x) => [x]) : edges.flatMap((x) => edges.map((y) => [x, y]))
    const differing = all.filter((values) => {
      const [value, expected] = [ours(...values), standard(...values)]
      return isDefined(expected)
        ? !Object.is(value, expected)
        : !(Math.abs(value - expected) <= 2 ** -50 * Math.abs(expected))
    })
    assert.deepStrictEqual(differing, [])
  })

  it("has exact powers of 2 and their logarithms, and powers of 10 as they are written", () => {
    const powers = Array.from({ length: 2100 }, (_, at) => at - 1075)
    assert.deepStrictEqual(
      powers.filter((k) => {
        const power = Elementary.powerOfTwo(k)
        if (k < -1074 || k > 1023) return power !== (k < 0 ? 0 : Infinity)
        const isStep = k === -1074 || power === 2 * Elementary.powerOfTwo(k - 1)
        return !(isStep && Elementary.log2(power) === k && Elementary.pow(2, k) === power)
      }),
      [],
    )
    assert.strictEqual(Elementary.powerOfTwo(0), 1)
    const decimals = Array.from({ length: 541 }, (_, at) => at - 270)
    assert.deepStrictEqual(
      decimals.filter((k) => {
        const written = Number(`1e${k}`)
        return Elementary.pow(10, k) !== written || Elementary.log10(written) !== k
      }),
      [],
    )
  })

  it("keeps the symmetries of its functions bit for bit", () => {
    const angles = Array.from({ length: 300 }, (_, k) => (k + 1) * 1.1 ** k)
    const odd = [Elementary.sin, Elementary.sinh, Elementary.tanh, Elementary.asinh] as const
    for (const f of [...odd, Elementary.cbrt]) {
      assert.deepStrictEqual(
        angles.map((x) => f(-x)),
        angles.map((x) => -f(x)),
      )
    }
    for (const f of [Elementary.cos, Elementary.cosh]) {
      assert.deepStrictEqual(
        angles.map((x) => f(-x)),
        angles.map(f),
      )
    }
    const circle = angles.map((x) =>
      Math.abs(Elementary.square(Elementary.sin(x)) + Elementary.square(Elementary.cos(x)) - 1),
    )
    assert.isAtMost(Math.max(...circle), 4 * 2 ** -53)
  })
})
