import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import { certify, check, lean, type Method, Methods, worstCase } from "../../src/index.ts"
import * as Definite from "../../src/exact/Definite.ts"
import * as Rational from "@nonconvex/numerics/Rational"
import { ofClasses } from "../estimation/ClassMethods.ts"
import { closedForms } from "../estimation/ClosedForms.ts"
import { further } from "../estimation/FurtherMethods.ts"
import { asPepit } from "../estimation/PepitAnswers.ts"
import { Certificate } from "../../src/certificate/Certificate.ts"
import { FalseCertificate, NotCertified } from "../../src/method/Failures.ts"

const named = new Map([
  ...Object.entries(asPepit),
  ...Object.entries(further),
  ...Object.entries(ofClasses),
  ...closedForms.map(([name, method]) => [name, method] as const),
])

describe("certificates", () => {
  it.each([
    ["gradient descent, 1 steps", "1/6"],
    ["gradient descent, 2 steps", "1/10"],
    ["gradient descent, the gradient from a gap", "2/9"],
    ["gradient descent, not convex", "4/9"],
    ["nonconvex", "4/15"],
    ["cocoercive, no contraction", "1"],
    ["gradient descent, 5 steps", "1/22"],
    ["descent and ascent", "125/64"],
    ["proximal point, strongly monotone", "64/729"],
    ["accelerated proximal gradient", "1/19"],
    ["Douglas-Rachford, contraction", "10000/28561"],
    ["Krasnoselskii-Mann", "9/64"],
  ])("%s: the closed form itself, %s", (name, expected) => {
    const certificate = certify(named.get(name)!)
    assert.strictEqual(certificate.bound, expected)
    assert.strictEqual(Rational.toText(check(certificate).bound), expected)
  })

  const closed = new Map(closedForms.map(([name, , expected]) => [name, expected] as const))

  /** Its slack matrices are 0 along a direction that is not a vector of short fractions. */
  const uncertified = "robust momentum"

  it.each([...named].filter(([name]) => name !== uncertified))(
    "%s: no less than the closed form, no more than a little above, and from no condition in vain",
    (name, method) => {
      const certificate = certify(method)
      const bound = Rational.toNumber(check(certificate).bound)
      certificate.multipliers.forEach(({ condition }, i) => {
        const multipliers = certificate.multipliers.toSpliced(i, 1)
        assert.throws(() => check({ ...certificate, multipliers }), FalseCertificate, "", condition)
      })
      const expected = closed.get(name)
      if (expected !== undefined) assert.isAtLeast(bound / expected, 1 - 1e-12)
      const estimate = worstCase(method)
      assert.isAtMost(bound - estimate.bound, 1e-6 * (Math.abs(bound) || 1))
      // what the solver may be off: its residual in each condition
      const error = estimate.error * estimate.multipliers.length
      assert.isAtLeast(bound, estimate.bound - error)
    },
  )

  it("says so where it finds none", () => {
    assert.throws(
      () => certify(named.get(uncertified)!),
      NotCertified,
      /no rounding of the multipliers leaves the slack matrix positive semidefinite/,
    )
  })

  it("says so where points are one in doubles and two in fractions", () => {
    const method: Method = {
      functions: { f: { class: "smooth-convex", L: 1 } },
      start: ["x"],
      steps: [
        { step: "y", from: "x", at: "x", of: "f", rate: 1 / 3 },
        { step: "z", from: "x", at: "x", of: "f", rate: "1/3" },
        { step: "y", of: "f", rate: 1 },
        { step: "z", of: "f", rate: 1 },
      ],
      given: [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }],
      measure: { gap: "z" },
    }
    assert.throws(() => certify(method), NotCertified, /write rates as fractions/)
  })

  it("survives JSON", () => {
    const certificate = certify(named.get("gradient descent, 2 steps")!)
    const text = JSON.stringify(certificate)
    const read = Schema.decodeUnknownSync(Certificate)(JSON.parse(text))
    assert.strictEqual(Rational.toText(check(read).bound), "1/10")
  })

  it("is a theorem of Lean, as text", () => {
    const text = lean(check(certify(named.get("gradient descent, 1 steps")!)))
    assert.include(text, ": (1 : ℝ) * f1 ≤ (1 / 6 : ℝ) := by")
    assert.match(text, /have s0 := real_inner_self_nonneg \(x := .* • v0/)
  })
})

describe("a certificate that was tampered with", () => {
  const sound = certify(named.get("gradient descent, 1 steps")!)
  const [first, ...others] = sound.multipliers

  const tampered: ReadonlyArray<readonly [string, Certificate, RegExp]> = [
    [
      "a smaller bound",
      { ...sound, bound: "166/1000" },
      /: bound: the multipliers prove 0\.1666.*, which is above 166\/1000/,
    ],
    ["a bound that is no number", { ...sound, bound: "1/0" }, /: bound: "1\/0" is not a fraction/],
    [
      "a smaller multiplier",
      { ...sound, multipliers: [{ ...first!, multiplier: "1/7" }, ...others] },
      /: multipliers: the slack matrix is not positive semidefinite/,
    ],
    [
      "a multiplier below 0",
      { ...sound, multipliers: [{ ...first!, multiplier: "-1/6" }, ...others] },
      /: multipliers\[0\]\.multiplier: -1\/6 is below 0/,
    ],
    [
      "a multiplier that is left out",
      { ...sound, multipliers: [first!, ...others.slice(1)] },
      /: multipliers: f\(x@\d\) does not cancel/,
    ],
    [
      "a condition that comes twice",
      { ...sound, multipliers: [first!, first!, ...others] },
      /: multipliers\[1\]\.index: condition 0 occurs twice/,
    ],
    [
      "a condition that is not there",
      { ...sound, multipliers: [{ ...first!, index: 99 }] },
      /: multipliers\[0\]\.index: condition 99 does not exist; there are 7/,
    ],
    [
      "the name of another condition",
      { ...sound, multipliers: [{ ...first!, condition: "anything" }] },
      /: multipliers\[0\]\.condition: condition 0 is "\|x@0 - x\*\|\^2 <= 1", not "anything"$/,
    ],
    [
      "another method",
      {
        ...sound,
        method: Methods.gradientDescent({
          steps: 1,
          rate: 1.5,
          class: { class: "smooth-convex", L: 2 },
        }),
      },
      /: multipliers\[1\]\.condition: condition 1 is ".* 1\/4 \|f'\(x@0\)\|\^2", not ".* 1\/2 \|/,
    ],
    [
      "another measure",
      { ...sound, measure: "|x - x*|^2" },
      /: measure: the method measures f\(x\)/,
    ],
    [
      "more digits than anybody waits for",
      {
        ...sound,
        multipliers: sound.multipliers.map((each, i) => ({
          ...each,
          // each with a denominator of its own
          multiplier: `${each.multiplier.split("/")[0]}/${10n ** 3000n + BigInt(i)}`,
        })),
      },
      /: multipliers: /,
    ],
    [
      "a number without end",
      { ...sound, multipliers: [{ ...first!, multiplier: "1".repeat(10_000) }] },
      /: multipliers\[0\]\.multiplier: "1{40}" is not a fraction/,
    ],
  ]

  it.each(tampered)("%s", (_, certificate, message) => {
    assert.throws(() => check(certificate), FalseCertificate, message)
  })
})

describe("a certificate of version 1", () => {
  const sound: Certificate = {
    certificate: "worst case",
    version: 1,
    method: Methods.gradientDescent({
      steps: 1,
      rate: 1,
      class: { class: "monotone-lipschitz", L: 1 },
      measure: { squaredDistance: ["x", "x*"] },
    }),
    measure: "|x - x*|^2",
    bound: "2",
    multipliers: [
      { index: 0, condition: "given: |x@0 - x*|^2 at most 1", multiplier: "2" },
      // one name, two conditions
      { index: 1, condition: "monotone-lipschitz: f at x@0 and f at x*", multiplier: "2" },
      { index: 2, condition: "monotone-lipschitz: f at x@0 and f at x*", multiplier: "1" },
    ],
  }

  it("is checked as ever", () => {
    const read = Schema.decodeUnknownSync(Certificate)(JSON.parse(JSON.stringify(sound)))
    assert.strictEqual(Rational.toText(check(read).bound), "2")
  })

  it("has the names of its version, and version 2 has inequalities", () => {
    assert.throws(
      () => check({ ...sound, version: 2 }),
      FalseCertificate,
      /condition 0 is "\|x@0 - x\*\|\^2 <= 1", not "given: /,
    )
    const now = certify(sound.method)
    assert.deepStrictEqual(
      now.multipliers.map(({ condition }) => condition),
      ["|x@0 - x*|^2 <= 1", "<f(x@0), x@0 - x*> >= 0", "|x@0 - x*|^2 >= |f(x@0)|^2"],
    )
    assert.throws(
      () => check({ ...now, version: 1 }),
      FalseCertificate,
      /condition 0 is "given: \|x@0 - x\*\|\^2 at most 1", not /,
    )
  })
})

describe("positive semidefinite or not, in integers", () => {
  const matrix = (rows: ReadonlyArray<ReadonlyArray<number>>) =>
    rows.map((row) => row.map((x) => Rational.fromDouble(x)))

  it.each([
    [
      [
        [2, -1],
        [-1, 2],
      ],
      true,
    ],
    [
      [
        [1, 1],
        [1, 1],
      ],
      true,
    ],
    [
      [
        [1, 1],
        [1, 1 - 2 ** -50],
      ],
      false,
    ],
    [
      [
        [0, 0],
        [0, 3],
      ],
      true,
    ],
    [
      [
        [0, 1],
        [1, 3],
      ],
      false,
    ],
    [[[0]], true],
    [[[-1]], false],
    [
      [
        [2 ** -40, 0.5],
        [0.5, 2 ** 38],
      ],
      true,
    ],
  ])("%j: %j", (rows, expected) => {
    assert.strictEqual(Definite.squares(matrix(rows)) !== undefined, expected)
  })

  it("says beforehand what would take long", () => {
    const wide = (digits: bigint) => [
      [Rational.make(1n, 10n ** digits + 1n), Rational.zero],
      [Rational.zero, Rational.make(1n, 10n ** digits + 3n)],
    ]
    assert.deepStrictEqual(
      [20n, 40_000n].map((digits) => Definite.isShort(wide(digits))),
      [true, false],
    )
  })

  it("gives the squares themselves", () => {
    const rows = [
      [4, 2, 0],
      [2, 5, 3],
      [0, 3, 9],
    ]
    const found = Definite.squares(matrix(rows))!
    const sum = rows.map((row, i) =>
      row.map((_, j) =>
        found.weights.reduce(
          (total, weight, r) =>
            total +
            Rational.toNumber(weight) *
              Rational.toNumber(found.rows[r]![i]!) *
              Rational.toNumber(found.rows[r]![j]!),
          0,
        ),
      ),
    )
    assert.deepStrictEqual(
      sum.map((row) => row.map((x) => Math.round(1e9 * x) / 1e9)),
      rows,
    )
  })
})

describe("fractions", () => {
  it.each([
    ["0.1", "1/10"],
    ["-2.50e-2", "-1/40"],
    ["1e3", "1000"],
    ["6/4", "3/2"],
    ["0.1/0.3", "1/3"],
    ["1e999", undefined],
    ["1/0", undefined],
    ["1/2/3", undefined],
    ["0x10", undefined],
    ["", undefined],
    ["1/", undefined],
  ])("%j is %j", (text, expected) => {
    const read = Rational.parse(text)
    assert.strictEqual(read && Rational.toText(read), expected)
  })

  it.each([
    [1 / 3, 1e-9, "1/3"],
    [-0.125, 1e-9, "-1/8"],
    [Math.PI, 1e-2, "22/7"],
    [5, 1e-9, "5"],
  ])("%d to %d is %s", (x, tolerance, expected) => {
    assert.strictEqual(Rational.toText(Rational.near(x, tolerance)), expected)
  })
})
