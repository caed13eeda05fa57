import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { expectTypeOf } from "vitest"
import { claim, Draw, Exact, type Law, Margin } from "../src/index.ts"
import * as Verdict from "../src/Verdict.ts"
import * as Verify from "../src/Verify.ts"
import * as Replay from "../src/Replay.ts"
import { source, upTo } from "./support/Numbers.ts"

const trial = {
  instances: Draw.record({ n: Draw.integer(0, 9) }),
  margin: () => Margin.holds(true),
}

const withControls = (...names: readonly [string, ...string[]]) => {
  const control = (name: string) => ({ name, ...trial })
  const [first, ...rest] = names
  return claim({
    id: "test/names",
    statement: "Digits are digits.",
    source,
    ...trial,
    controls: [control(first), ...rest.map(control)],
  })
}

describe("claim", () => {
  it("says what it is without its instances", () => {
    const { controls, id, statement } = withControls("iid noise", "no decay")
    assert.deepStrictEqual(
      { controls, id, statement },
      { controls: ["iid noise", "no decay"], id: "test/names", statement: "Digits are digits." },
    )
  })

  it("refuses controls that a replay token could not tell apart", () => {
    assert.throws(
      () => withControls("rate < 2", "rate > 2"),
      `test/names: the control "rate > 2" needs a name that differs from the others in letters or digits`,
    )
    assert.throws(() => withControls("same", "same"), "needs a name that differs")
    assert.throws(() => withControls("≠"), "needs a name that differs")
  })
})

const effort = { runs: 200, seed: 3 }

/** "An integer from 0 to 9 is at most `holds`", with controls on the same integers and on larger ones. */
const bound = (holds: number, fails: number) =>
  claim({
    id: "numbers/value",
    statement: `An integer from 0 to 9 is at most ${holds}.`,
    source,
    instances: upTo(9),
    value: holds,
    margin: ({ instance: { n }, value: limit }) => ({ margin: limit - n }),
    controls: [
      { name: "a smaller limit", value: fails },
      { name: "larger integers", value: holds, instances: upTo(99) },
      { name: "never", margin: () => Margin.holds(false) },
      { name: "integers that are larger still", instances: upTo(999) },
    ],
  })

const judged = (holds: number, fails: number) =>
  Verify.claim(bound(holds, fails), effort).pipe(Effect.provide(Kernels.layerReference))

describe("a claim with a value", () => {
  it.effect("holds with its value, and is caught with the others, on instances of their own", () =>
    Effect.gen(function* () {
      const held = yield* judged(9, 5)
      assert.strictEqual(held._tag, "Held")
      if (held._tag !== "Held") return
      assert.strictEqual(held.margins.worst, 0)
      assert.deepStrictEqual(
        held.caught.map(({ control }) => control),
        ["a smaller limit", "larger integers", "never", "integers that are larger still"],
      )
    }),
  )

  it.effect("is falsified where its value is none, and toothless where another is one too", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* judged(8, 5))._tag, "Falsified")
      const toothless = yield* judged(9, 10)
      assert.deepStrictEqual(toothless._tag === "Toothless" && toothless.survived, [
        "a smaller limit",
      ])
    }),
  )
})

describe("a law with a value", () => {
  it.effect("catches other values and other subjects, in the order in which they are written", () =>
    Effect.gen(function* () {
      const atMost = claim({
        id: "numbers/law-with-a-value",
        statement: "An integer from 0 to 9 is at most the limit.",
        source,
        subject: 9,
        instances: upTo(9),
        value: 0,
        margin: ({ instance: { n }, subject: limit, value: less }) => ({
          margin: limit - less - n,
        }),
        controls: [
          { name: "half the limit", subject: (limit) => limit / 2 },
          { name: "less than the limit", value: 4 },
        ],
      })
      const found = yield* Effect.forEach([9, 8], (limit) =>
        Verify.claim(atMost.against(limit), effort).pipe(Effect.provide(Kernels.layerReference)),
      )
      const [held, falsified] = found.map((each) => [
        each._tag,
        each._tag === "Held" ? each.caught.map(({ control }) => control) : [],
      ])
      assert.deepStrictEqual(held, ["Held", ["half the limit", "less than the limit"]])
      assert.deepStrictEqual(falsified, ["Falsified", []])
    }),
  )
})

/** An implementation of a running mean. */
interface Mean {
  readonly of: (values: ReadonlyArray<number>) => number
}

interface Sample {
  readonly values: ReadonlyArray<number>
  readonly shift: number
}

const samples = Draw.record<Sample>({
  values: Draw.list(Draw.integer(-9, 9), 1, 8),
  shift: Draw.integer(-9, 9),
})

const sum = (values: ReadonlyArray<number>) => values.reduce((total, x) => total + x, 0)

const mean: Mean = { of: (values) => sum(values) / values.length }

const shifts = claim({
  id: "mean/shifts",
  statement: "The mean moves with its values.",
  source,
  subject: mean,
  instances: samples,
  margin: ({ instance: { shift, values }, subject }) =>
    Margin.equal(subject.of(values.map((x) => x + shift)), subject.of(values) + shift, {
      absolute: 1e-12,
    }),
  controls: [
    {
      name: "divided by one less",
      subject: (subject) => ({
        of: (values) => (subject.of(values) * values.length) / Math.max(1, values.length - 1),
      }),
    },
    {
      name: "a shift of one value",
      margin: ({ instance: { shift, values }, subject }) =>
        Margin.equal(subject.of(values.with(0, values[0]! + shift)), subject.of(values) + shift, {
          absolute: 1e-12,
        }),
    },
    {
      name: "values that round",
      instances: Draw.record<Sample>({
        values: Draw.list(Draw.linear(1e16, 0), 2, 8),
        shift: Draw.integer(1, 9),
      }),
    },
  ],
})

describe("law", () => {
  it.effect("holds of one that obeys it, and names all its controls", () =>
    Effect.gen(function* () {
      assert.strictEqual(shifts.against(mean).id, shifts.id)
      assert.deepStrictEqual(shifts.controls, [
        "divided by one less",
        "a shift of one value",
        "values that round",
      ])
      const verdict = yield* Effect.provide(Verify.claim(shifts, effort), Kernels.layerReference)
      assert.strictEqual(verdict._tag, "Held")
      if (verdict._tag !== "Held") return
      assert.deepStrictEqual(
        verdict.caught.map(({ control }) => control),
        [...shifts.controls],
      )
    }),
  )

  it.effect("is falsified by mutants, with a small instance", () =>
    Effect.gen(function* () {
      const mutants: ReadonlyArray<Mean> = [
        { of: sum },
        { of: (values) => mean.of(values) ** 2 },
        { of: (values) => (values.length > 1 ? Math.max(...values) * 0.5 : mean.of(values)) },
      ]
      for (const mutant of mutants) {
        const verdict = yield* Effect.provide(
          Verify.claim(shifts.against(mutant), effort),
          Kernels.layerReference,
        )
        assert.strictEqual(verdict._tag, "Falsified")
        if (verdict._tag !== "Falsified") return
        const { values } = verdict.counterexample.instance as unknown as Sample
        assert.isAtMost(values.length, 2)
      }
    }),
  )

  it.effect("is toothless against one that its controls do not change", () =>
    Effect.gen(function* () {
      // Infinity moves with its values too, and is what every control makes of it
      const constant: Mean = { of: () => Number.POSITIVE_INFINITY }
      const verdict = yield* Effect.provide(
        Verify.claim(shifts.against(constant), effort),
        Kernels.layerReference,
      )
      assert.deepStrictEqual(
        verdict._tag === "Toothless" && verdict.survived,
        shifts.against(constant).controls,
      )
    }),
  )

  /** Twice the mean of two numbers is their sum, or so many times it. */
  const doubled = claim({
    id: "mean/doubled",
    statement: "Twice the mean of two numbers is their sum.",
    source,
    subject: mean,
    instances: Draw.record({ x: Draw.integer(1, 9), y: Draw.integer(1, 9) }),
    value: 1,
    margin: ({ instance: { x, y }, subject, value: times }) =>
      Margin.equal(2 * subject.of([x, y]), times * (x + y), {}),
    exactly: ({ instance: { x, y }, subject, value: times }) =>
      Exact.equal(
        Exact.multiply(Exact.of(2), Exact.of(subject.of([x, y]))),
        Exact.multiply(Exact.of(times), Exact.of(x + y)),
      ),
    controls: [
      { name: "twice the sum", value: 2 },
      { name: "a sum for a mean", subject: () => ({ of: sum }) },
      {
        name: "the difference",
        margin: ({ instance: { x, y }, subject }) => Margin.atMost(subject.of([x, y]), x - y),
      },
    ],
  })

  it.effect("gives its exact values the subject and the parameter, but not to other margins", () =>
    Effect.gen(function* () {
      const verdict = yield* Effect.provide(
        Verify.claim(doubled.against(mean), effort),
        Kernels.layerReference,
      )
      assert.strictEqual(verdict._tag, "Held")
      if (verdict._tag !== "Held") return
      assert.deepStrictEqual(
        verdict.caught.map(({ counterexample }) => counterexample.exact?.finding),
        ["2 is not 4: it is off by 2", "4 is not 2: it is off by 2", undefined],
      )
      const wrong = yield* Effect.provide(
        Verify.claim(doubled.against({ of: sum }), effort),
        Kernels.layerReference,
      )
      assert.strictEqual(wrong._tag, "Falsified")
      if (wrong._tag !== "Falsified") return
      assert.strictEqual(wrong.counterexample.exact?.outcome, "refuted")
    }),
  )

  it("hides its instances, and asks for its subject", () => {
    expectTypeOf(shifts.against).parameters.toEqualTypeOf<[subject: Mean]>()
    expectTypeOf(shifts).toEqualTypeOf<Law<Mean>>()
    assert.deepStrictEqual(Object.keys(shifts).toSorted(), [
      "against",
      "controls",
      "id",
      "open",
      "source",
      "statement",
    ])
    assert.notProperty(bound(9, 5), "against")
  })
})

describe("a subject that answers with no finite number", () => {
  const notANumber = () => Number.NaN

  const answering = (of: Mean["of"]) =>
    Effect.provide(Verify.claim(shifts.against({ of }), effort), Kernels.layerReference)

  it.effect("falsifies, in the call that says so, and is no fault of the law", () =>
    Effect.gen(function* () {
      const verdict = yield* answering(notANumber)
      assert.strictEqual(verdict._tag, "Falsified")
      if (verdict._tag !== "Falsified") return
      const { answered, margin, replay } = verdict.counterexample
      assert.strictEqual(answered, "your method returned NaN in call 1 of this instance")
      assert.strictEqual(margin, -Infinity)
      assert.include(Verdict.describe(verdict), answered!)
      const token = Option.getOrThrow(Replay.parse(replay))
      const given = { kernels: Kernels.reference() }
      const mine = shifts.against({ of: notANumber })
      assert.strictEqual(Verify.replay(mine, token, given).answered, answered)
    }),
  )

  it.effect(
    "is a fault of the law where the law asked with no finite number, or threw itself",
    () =>
      Effect.gen(function* () {
        for (const asks of [() => Number.NaN, () => assert.fail("on purpose")]) {
          const broken = claim({
            id: "mean/broken",
            statement: "A mean is a number.",
            source,
            subject: mean,
            instances: upTo(9),
            margin: ({ subject }) => Margin.atMost(subject.of([asks()]), 1),
            controls: [{ name: "none", instances: upTo(1) }],
          })
          const verdict = yield* Effect.provide(
            Verify.claim(broken, effort),
            Kernels.layerReference,
          )
          assert.strictEqual(verdict._tag, "Broken")
        }
      }),
  )
})
