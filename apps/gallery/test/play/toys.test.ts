/** Descriptions of the pictures, tested without drawing them. */
import { assert, describe, it } from "@effect/vitest"
import { toys } from "../../src/play/index.ts"
import type { Point } from "../../src/play/Point.ts"
import type { Playing, Values } from "../../src/play/Toy.ts"

const named = (id: string) => toys.find((toy) => toy.id === id)!

/** Plays to the end, and returns the final text. */
const toTheEnd = (playing: Playing): string => {
  let frames = 0
  while (playing.advance()) if (++frames === 100_000) assert.fail("it does not end")
  return playing.tell()
}

const told = (id: string, values: Values = {}, at?: Point): string => {
  const toy = named(id)
  const usual = Object.fromEntries(toy.knobs.map((knob) => [knob.id, knob.value]))
  return toTheEnd(toy.begin({ ...usual, ...values }, at))
}

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹"

/** Text with numbers in program notation. */
const plain = (text: string): string =>
  text
    .replaceAll("−", "-")
    .replaceAll(
      /(?:(\d) × )?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g,
      (_, digit: string | undefined, power: string) => {
        const exponent = Array.from(power)
          .map((each) => (each === "⁻" ? "-" : raised.indexOf(each)))
          .join("")
        return `${digit ?? "1"}e${exponent}`
      },
    )

/** Numbers that follow given words. */
const after = (text: string, words: string): ReadonlyArray<number> => {
  assert.include(text, words)
  const rest = plain(text.slice(text.indexOf(words) + words.length))
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

describe("the presets of a toy", () => {
  for (const { begin, id, knobs, presets } of toys) {
    it(`set its knobs within their ends: ${id}`, () => {
      assert.isAbove(presets.length, 1)
      for (const { start, values } of presets) {
        assert.deepStrictEqual(
          Object.keys(values).toSorted(),
          knobs.map((knob) => knob.id).toSorted(),
        )
        for (const { id: name, least, most } of knobs) {
          assert.isAtLeast(values[name]!, least)
          assert.isAtMost(values[name]!, most)
        }
        assert.notMatch(toTheEnd(begin(values, start)), /NaN|undefined|Infinity/)
      }
    })
  }
})

describe("what a toy tells", () => {
  it("has SAM at the origin and USAM lost, by default, and the proved radius beside the measured one", () => {
    const text = told("normalisation")
    assert.match(text, /USAM diverged at step \d+;/)
    assert.include(text, "SAM went down the axis to the origin")
    const [x, y] = after(text, "; SAM at (")
    assert.isBelow(Math.hypot(x!, y!), 0.15)
    const [proved] = after(text, "radius 15 × learning rate = ")
    const [measured] = after(text, "by bisection: from ")
    assert.closeTo(proved!, 15 / 325, 1e-4)
    assert.isBelow(measured!, proved!)
    // either side of the measured threshold
    assert.match(told("normalisation", { radius: 1.02 * measured! }), /USAM diverged/)
    assert.notMatch(told("normalisation", { radius: 0.98 * measured! }), /USAM diverged/)
  })

  it("claims nothing by a theorem whose hypotheses do not hold", () => {
    const slow = told("normalisation", { rate: 0.1, radius: 0.005 })
    assert.include(slow, "Theorem 2 says nothing here: it needs a learning rate of 1 / |start|²")
    assert.notInclude(slow, "proves")
    const elsewhere = told("normalisation", {}, [-10, 3])
    assert.include(elsewhere, "it needs a start with 2 x > y > x ≥ 5")
    for (const rate of [0.7, 0.8]) {
      const past = told("drift", { rate })
      assert.include(past, "it does not apply")
      assert.notInclude(past, "by now")
    }
  })

  it("has SAM drift as the law says, where the law holds, and the others stay", () => {
    for (const values of [{}, { radius: 0.05 }, { rate: 0.4 }, { radius: 0.3, rate: 0.3 }]) {
      const text = told("drift", values)
      const [law, end] = after(text, "The law of the drift predicts SAM at ").filter(
        (_, k) => k < 2,
      )
      assert.closeTo(end!, law!, 0.05, JSON.stringify(values))
    }
    const [still] = after(told("drift"), "GD at (")
    assert.closeTo(still!, 1.2, 0.1)
  })

  it("has the measured rates of leaving past the proved ones", () => {
    const text = told("drift")
    const [proved] = after(text, "stay below the learning rate ")
    const [measured] = after(text, "GD from ")
    assert.isAbove(measured!, proved!)
  })

  it("has SAM and label noise end at the flattest minimum, by default, and not gradient descent", () => {
    const text = told("flattest")
    for (const name of ["SAM", "label noise"]) {
      const [x, y] = after(text, `${name} at (`)
      assert.isBelow(Math.hypot(x! - 1, y! - 1), 0.2, name)
      assert.include(text, `${name} is at the flattest`)
    }
    assert.isAbove(after(text, "GD at (")[0]!, 3)
    assert.include(text, "GD is not there")
    const half = told("flattest", { noise: 0.25 })
    assert.include(half, "label noise is not there")
  })

  it("has the random perturbation as many times slower as there are parameters", () => {
    for (const [parameters, ratio] of [
      [2, 2],
      [10, 10],
    ] as const) {
      const text = told("floors", { parameters })
      const [found] = after(text.slice(text.indexOf(" and random ")), ": ")
      assert.isAbove(found!, 0.5 * ratio)
      assert.isBelow(found!, 2 * ratio)
    }
    assert.include(told("floors", { parameters: 50 }), "and random has not arrived")
  })

  it("has noise bring the nuclear norm near the least at each depth, and descent alone not", () => {
    for (const depth of [2, 3, 4]) {
      const text = told("table", { depth })
      const [norm, least] = after(text, "has nuclear norm ")
      assert.closeTo(norm!, least!, 0.05 * least!)
      assert.isBelow(after(text, "Hidden entries are off by ")[0]!, 0.3)
    }
    const [without, least] = after(told("table", { noise: 0 }), "has nuclear norm ")
    assert.isAbove(without!, 1.2 * least!)
  })

  it("has complex noise keep eigenvalues farther apart, in the median over seeds", () => {
    const text = told("repulsion")
    const [real, complex, factor] = after(text, "has median ")
    assert.isAbove(complex!, 1.5 * real!)
    assert.closeTo(factor!, complex! / real!, 0.02 * factor!)
  })

  it("has the directions of a private covariance fade as epsilon falls", () => {
    const cosine = (epsilon: number) => after(told("covariance", { epsilon }), "have cosine ")[0]!
    assert.isAbove(cosine(10), 0.99)
    assert.isBelow(cosine(0.02), 0.9)
    assert.include(told("covariance", { epsilon: 10 }), "the direction survives the noise")
    assert.include(told("covariance", { epsilon: 0.02 }), "the noise hides it")
  })

  it("has two machines publish other bits no more often than the bound says", () => {
    for (const deviation of [0.005, 0.02, 0.1]) {
      const text = told("machines", { deviation })
      const [share, bound] = after(text, "The share that differed is ")
      assert.isAtMost(share!, bound! + 3 * Math.sqrt(bound! / 400))
      assert.isAbove(share!, 0)
      assert.match(text, /: (?:within it|above it by no more than chance)\.$/)
    }
  })

  it("has a catapult past the edge, none below it, and no way back far past it", () => {
    const below = told("catapult", { rate: 0.8 })
    const thrown = told("catapult")
    assert.include(below, "The loss never doubled")
    assert.isAbove(after(thrown, "The loss rose ")[0]!, 2)
    for (const text of [below, thrown]) {
      const [, to] = after(text, "The sharpness went from ")
      const [edge] = after(text, "2 / learning rate = ")
      assert.include(text, `, below 2 / learning rate`)
      assert.isBelow(to!, edge!)
      const [first, last] = after(text, "The alignment went from ")
      assert.isAbove(last!, first! + 0.3)
    }
    assert.isAbove(
      after(thrown, "The sharpness went from ")[0]!,
      after(thrown, "2 / learning rate = ")[0]!,
    )
    assert.include(told("catapult", { rate: 2.4 }), "The loss diverged")
  })
})
