/** Changes every number of a certificate: the result proves nothing, or something true. */
import { assert, describe, it } from "vitest"
import * as Rational from "@nonconvex/numerics/Rational"
import { certify, check, Methods } from "../../src/index.ts"
import { contraction } from "../estimation/support.ts"
import { pastGradient, reflected } from "../estimation/SplittingMethods.ts"
import { type Certificate } from "../../src/certificate/Certificate.ts"

const methods = {
  descent: Methods.gradientDescent({ steps: 2, rate: 1, class: { class: "smooth-convex", L: 1 } }),
  splitting: contraction(
    { f: { class: "smooth-strongly-convex", L: 1, mu: 0.1 }, h: { class: "convex" } },
    reflected("h", "f", 3, 1),
  ),
  projections: pastGradient("optimistic", 1),
}

/** Numbers close to the given one, and far from it. */
const mutants = (text: string): ReadonlyArray<string> => {
  const value = Rational.parse(text)!
  const by = (numerator: bigint, denominator: bigint) =>
    Rational.toText(Rational.multiply(value, Rational.make(numerator, denominator)))
  return [by(-1n, 1n), by(999n, 1000n), by(1001n, 1000n), by(10n ** 12n - 1n, 10n ** 12n), "0"]
}

const verdict = (certificate: Certificate): string | undefined => {
  try {
    return Rational.toText(check(certificate).bound)
  } catch (error) {
    assert.include((error as Error).message, "the certificate is invalid: ")
    return undefined
  }
}

describe.each(Object.entries(methods))("each number of a proof of %s", (_, method) => {
  const sound = certify(method)
  const least = Rational.parse(sound.bound)!

  it("of the bound: no smaller one passes", () => {
    for (const bound of mutants(sound.bound)) {
      const passed = verdict({ ...sound, bound })
      const isLarger = Rational.compare(Rational.parse(bound)!, least) > 0
      assert.strictEqual(passed, isLarger ? bound : undefined, bound)
    }
  })

  it("of the multipliers: none proves more with them", () => {
    sound.multipliers.forEach((each, i) => {
      for (const multiplier of mutants(each.multiplier)) {
        const changed = { ...each, multiplier }
        const passed = verdict({ ...sound, multipliers: sound.multipliers.with(i, changed) })
        assert.include([undefined, sound.bound], passed, `multiplier ${i}, ${multiplier}`)
        const below = Rational.toText(Rational.multiply(least, Rational.make(999n, 1000n)))
        assert.isUndefined(
          verdict({ ...sound, bound: below, multipliers: sound.multipliers.with(i, changed) }),
        )
      }
    })
  })

  it("of the indices: no other condition has the name", () => {
    sound.multipliers.forEach((each, i) => {
      for (const index of [each.index + 1, each.index - 1, -1, 1e9]) {
        const multipliers = sound.multipliers.with(i, { ...each, index })
        assert.isUndefined(verdict({ ...sound, multipliers }), `index ${i}, ${index}`)
      }
    })
  })

  it("of names and measure: they must be those of the method", () => {
    assert.isUndefined(verdict({ ...sound, measure: `${sound.measure} ` }))
    sound.multipliers.forEach((each, i) => {
      const multipliers = sound.multipliers.with(i, { ...each, condition: `${each.condition}x` })
      assert.isUndefined(verdict({ ...sound, multipliers }))
    })
  })
})

describe("each number of the method of a proof", () => {
  it("of a worse method, the same multipliers prove nothing", () => {
    const sound = certify(methods.descent)
    const worse = [
      { ...methods.descent, functions: { f: { class: "smooth-convex", L: 1.001 } } },
      { ...methods.descent, functions: { f: { class: "convex" } } },
      {
        ...methods.descent,
        given: [{ bound: { squaredDistance: ["x@0", "x*"] as const }, atMost: 1.001 }],
      },
      Methods.gradientDescent({ steps: 2, rate: 0.999, class: { class: "smooth-convex", L: 1 } }),
      Methods.gradientDescent({ steps: 1, rate: 1, class: { class: "smooth-convex", L: 1 } }),
    ]
    for (const method of worse) assert.isUndefined(verdict({ ...sound, method }))
  })
})
