/**
 * Lean is not run here. Instead the test checks the linear arithmetic that Lean must find. It reads the text back, and sums the
 * stated conditions and squares, each times a nonnegative number, exactly to the claim.
 */
import { assert, describe, it } from "vitest"
import * as Rational from "@nonconvex/numerics/Rational"
import { certify, check, lean } from "../../src/index.ts"
import { closedForms } from "../estimation/ClosedForms.ts"
import { further } from "../estimation/FurtherMethods.ts"
import { asPepit } from "../estimation/PepitAnswers.ts"

type Fraction = Rational.Rational

/** Coefficients by the factor: "v0 v1", "f2" or "1". */
type Linear = ReadonlyMap<string, Fraction>

const fraction = (text: string): Fraction => {
  const [, numerator, denominator = "1"] = /^\((-?\d+)(?: \/ (\d+))? : ℝ\)$/.exec(text)!
  return Rational.make(BigInt(numerator!), BigInt(denominator))
}

const collected = (terms: ReadonlyArray<readonly [string, Fraction]>): Linear => {
  const out = new Map<string, Fraction>()
  for (const [key, value] of terms) {
    out.set(key, Rational.add(out.get(key) ?? Rational.zero, value))
  }
  return out
}

const productOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

const linear = (text: string): Linear =>
  collected(
    (text === "0" ? [] : text.split(" + ")).map((term) => {
      const [, number, rest] = /^(\(.*? : ℝ\))(?: \* (.*))?$/.exec(term)!
      const product = /^@inner ℝ E _ (v\d+) (v\d+)$/.exec(rest ?? "")
      return [
        product === null ? (rest ?? "1") : productOf(product[1]!, product[2]!),
        fraction(number!),
      ]
    }),
  )

/** The inner product of a combination of vectors with itself. */
const square = (text: string): Linear => {
  const terms = text.split(" + ").map((term) => {
    const [, number, vector] = /^(\(.*? : ℝ\)) • (v\d+)$/.exec(term)!
    return [vector!, fraction(number!)] as const
  })
  return collected(
    terms.flatMap(([a, x]) =>
      terms.map(([b, y]) => [productOf(a, b), Rational.multiply(x, y)] as const),
    ),
  )
}

/** Parses the text into its parts. */
const read = (text: string) => {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match.slice(1))
  const [[objective, bound]] = all(/^ {4}: (.*) ≤ (.*) := by$/gm) as [[string, string]]
  return {
    declared: all(/^ {4}\(([vf0-9 ]+) : [Eℝ]\)$/gm).flatMap(([names]) => names!.split(" ")),
    conditions: all(/^ {4}\(h\d+ : (.*) ≤ 0\)$/gm).map(([condition]) => linear(condition!)),
    squares: all(/have s\d+ := real_inner_self_nonneg \(x := (.*)\)$/gm).map(([row]) =>
      square(row!),
    ),
    objective: linear(objective),
    bound: fraction(bound),
    used: all(/^ {2}linarith \[(.*)\]$/gm)[0]![0]!.split(", "),
  }
}

const every = { ...asPepit, ...further, ...Object.fromEntries(closedForms.map(([n, m]) => [n, m])) }

const shown = [
  "gradient descent, 1 steps",
  "gradient descent, 5 steps",
  "heavy ball",
  "Douglas-Rachford, contraction",
  "alternate projections",
  "optimistic gradient",
  "subgradient method",
  "exact line search",
]

describe("the theorem for Lean, read back", () => {
  it.each(shown)("%s: its parts sum to its claim", (name) => {
    const theorem = check(certify(every[name]!))
    const text = lean(theorem)
    const { bound, conditions, declared, objective, squares, used } = read(text)
    const multipliers = [...theorem.multipliers]
      .toSorted(([a], [b]) => a - b)
      .map(([, value]) => value)
    assert.lengthOf(conditions, multipliers.length)
    assert.lengthOf(squares, theorem.squares.weights.length)
    const sum = collected([
      ...objective,
      ...conditions.flatMap((condition, k) =>
        [...condition].map(
          ([key, value]) =>
            [key, Rational.negate(Rational.multiply(multipliers[k]!, value))] as const,
        ),
      ),
      ...squares.flatMap((row, r) =>
        [...row].map(
          ([key, value]) => [key, Rational.multiply(theorem.squares.weights[r]!, value)] as const,
        ),
      ),
    ])
    // objective = constant + sum of multiplier condition - sum of weight square, with the constant at most the bound
    for (const [key, value] of sum) {
      if (key !== "1") assert.isTrue(Rational.isZero(value), `${key} is left`)
    }
    assert.isAtMost(Rational.compare(sum.get("1") ?? Rational.zero, bound), 0)
    for (const weight of [...multipliers, ...theorem.squares.weights]) {
      assert.isAbove(Rational.compare(weight, Rational.zero), 0)
    }
    // what is spoken of is declared, and all that is stated is used
    for (const [name_] of text.matchAll(/\b[vf]\d+\b/g)) assert.include(declared, name_)
    const named = (letter: string) => used.filter((each) => each.startsWith(letter)).length
    assert.deepStrictEqual([named("s"), named("h")], [squares.length, conditions.length])
  })

  it("has no line that a name of the method could have begun", () => {
    const text = lean(check(certify(every["Dykstra"]!)))
    for (const line of text.split("\n")) {
      assert.match(
        line,
        /^$|^import |^theorem worst_case |^ {2,4}(\(|:|--|have|simp only|linarith)|^-- /,
      )
    }
  })
})
