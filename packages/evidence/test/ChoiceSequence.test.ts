import fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as ChoiceSequence from "../src/ChoiceSequence.ts"
import { Draw } from "../src/index.ts"

const instances = Draw.record({
  dimension: Draw.integer(-3, 5),
  rate: Draw.linear(0, 2),
  scale: Draw.logarithmic(1e-3, 1e3),
  method: Draw.oneOf("sam", "usam"),
  spectrum: Draw.list(Draw.linear(0, 1), 1, 4),
  seed: Draw.seed(),
})

const zero: ChoiceSequence.Otherwise = () => 0
const largest: ChoiceSequence.Otherwise = (most) => most

const drawn = (given: ReadonlyArray<number>, otherwise: ChoiceSequence.Otherwise = zero) =>
  ChoiceSequence.draw(instances, 7, given, otherwise)

describe("choices", () => {
  it("are one for each field, and one for the length of a list", () => {
    const { choices, value } = drawn([4, 500, 250, 1, 1, 1000, 0, 12345])
    assert.deepStrictEqual(value.value, {
      dimension: 1,
      rate: 1,
      scale: 0.0316,
      method: "usam",
      spectrum: [1, 0],
      seed: 12345,
    })
    assert.deepStrictEqual(
      choices.map(({ most }) => most),
      [8, 1000, 1000, 1, 3, 1000, 1000, 0x7fffffff],
    )
  })

  it("that are missing or too large are filled and bounded", () => {
    const filled = [drawn([99, 500]), drawn([99, 500], largest)]
    assert.deepStrictEqual(
      filled.map(({ choices }) => ChoiceSequence.format(choices)),
      [".8.500.0.0.0.0.0", ".8.500.1000.1.3.1000.1000.1000.1000.2147483647"],
    )
  })

  it("lead to the same instance again, and to no other", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2000), { maxLength: 12 }), (given) => {
        const { choices, value } = drawn(given, largest)
        const step = ChoiceSequence.format(choices)
        assert.isTrue(ChoiceSequence.isChoices(step))
        assert.deepStrictEqual(ChoiceSequence.recall(instances, 7, step).value, value.value)
        assert.throws(() => ChoiceSequence.recall(instances, 7, `${step}.1`), /no instance at/)
      }),
    )
    assert.throws(() => ChoiceSequence.recall(instances, 7, ".9.0.0.0.0.0.0"), /no instance at/)
  })

  it("are none of a constant", () => {
    const { choices, value } = ChoiceSequence.draw(fc.constant({ n: 1 }), 7, [], zero)
    assert.deepStrictEqual([ChoiceSequence.format(choices), value.value], [".", { n: 1 }])
    assert.deepStrictEqual(ChoiceSequence.recall(fc.constant({ n: 1 }), 7, ".").value, { n: 1 })
  })

  it("draw whatever fast-check draws, and shrink it as ever", () => {
    const anything = fc.record({
      big: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      small: fc.bigInt({ min: 3n, max: 3n }),
      double: fc.double({ noNaN: true }),
      flag: fc.boolean(),
      text: fc.string({ maxLength: 5 }),
      // what depends on a drawn value is drawn again when that value shrinks
      matrix: fc
        .integer({ min: 1, max: 4 })
        .chain((n) => fc.array(fc.nat(9), { minLength: n, maxLength: n })),
    })
    const path = (root: string) => `${root}:0:1:0`
    const walk = (next: () => fc.Value<unknown>, root: string) =>
      fc.sample(ChoiceSequence.drawing(anything as fc.Arbitrary<unknown>, next), {
        seed: 7,
        path: path(root),
        numRuns: 1,
      })
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const { choices, value } = ChoiceSequence.draw(
          anything,
          7,
          [],
          (most) => numbers.next().value % (most + 1),
        )
        const step = ChoiceSequence.format(choices)
        assert.deepStrictEqual(ChoiceSequence.recall(anything, 7, step).value, value.value)
        assert.deepStrictEqual(
          walk(() => ChoiceSequence.recall(anything, 7, step), "0"),
          walk(() => value, "0"),
        )
      }),
      { numRuns: 50 },
    )
  })
})
