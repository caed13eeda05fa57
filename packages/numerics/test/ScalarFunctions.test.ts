import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ErrorFunction from "../src/ErrorFunction.ts"
import * as NormalDistribution from "../src/NormalDistribution.ts"
import { assert, describe, it } from "vitest"
import * as ElementaryAnswers from "./known/Elementary.ts"
import * as ErrorFunctionAnswers from "./known/ErrorFunction.ts"
import * as NormalAnswers from "./known/NormalDistribution.ts"

const tolerance = 1e-15

/** The largest relative error over a table; exact agreement counts as 0, so that infinities and zeros may appear. */
const worst = (f: (x: number) => number, table: ReadonlyArray<readonly [number, number]>) =>
  table.reduce((largest, [x, expected]) => {
    const actual = f(x)
    if (Object.is(actual, expected)) return largest
    return Math.max(largest, Math.abs(actual - expected) / Math.abs(expected))
  }, 0)

describe("Elementary", () => {
  it.each([
    ["exp", Elementary.exp, ElementaryAnswers.exp],
    ["log", Elementary.log, ElementaryAnswers.log],
    ["expm1", Elementary.expm1, ElementaryAnswers.expm1],
    ["log1p", Elementary.log1p, ElementaryAnswers.log1p],
  ] as const)("%s agrees with the known answers", (_, f, table) => {
    assert.isAtMost(worst(f, table), tolerance)
  })

  it("defines the ends", () => {
    assert.deepStrictEqual([710, -746, Infinity, -Infinity].map(Elementary.exp), [
      Infinity,
      0,
      Infinity,
      0,
    ])
    assert.deepStrictEqual([0, 1, Infinity].map(Elementary.log), [-Infinity, 0, Infinity])
    assert.isNaN(Elementary.log(-1))
    assert.isNaN(Elementary.exp(NaN))
    assert.deepStrictEqual([-1, 0, Infinity].map(Elementary.log1p), [-Infinity, 0, Infinity])
    assert.deepStrictEqual([-Infinity, 0, 800].map(Elementary.expm1), [-1, 0, Infinity])
    assert.strictEqual(Elementary.exp(-745), 5e-324)
    // log(2^-1074) = -1074 log 2
    assert.strictEqual(Elementary.log(5e-324), -744.4400719213812)
  })
})

describe("ErrorFunction and NormalDistribution", () => {
  it.each([
    ["erfc", ErrorFunction.erfc, ErrorFunctionAnswers.erfc],
    ["erfcx", ErrorFunction.erfcx, ErrorFunctionAnswers.erfcx],
    ["cdf", NormalDistribution.cdf, NormalAnswers.cdf],
  ] as const)("%s agrees with the known answers", (_, f, table) => {
    assert.isAtMost(worst(f, table), tolerance)
  })

  it("defines the ends", () => {
    assert.deepStrictEqual([-Infinity, 28, Infinity].map(ErrorFunction.erfc), [2, 0, 0])
    assert.deepStrictEqual(
      [-27, -30, -1e39, -Number.MAX_VALUE, -Infinity, Infinity].map(ErrorFunction.erfcx),
      [Infinity, Infinity, Infinity, Infinity, Infinity, 0],
    )
    assert.isBelow(ErrorFunction.erfcx(-26.6), Infinity)
    assert.deepStrictEqual([-Infinity, Infinity].map(NormalDistribution.cdf), [0, 1])
    const undefinedThere = [ErrorFunction.erfc(NaN), ErrorFunction.erfcx(NaN)]
    assert.isTrue(undefinedThere.every(Number.isNaN))
  })
})
