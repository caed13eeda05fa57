import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { expectTypeOf } from "vitest"
import {
  type Claim,
  Draw,
  Exact,
  law,
  type Law,
  Margin,
  parametrisedLaw,
  Verify,
} from "../src/index.ts"
import { source } from "./support/Numbers.ts"

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

const shifts: Law<Mean> = law<Mean, Sample>({
  id: "mean/shifts",
  statement: "The mean moves with its values.",
  source,
  instances: samples,
  margin: (mean, { shift, values }) =>
    Margin.equal(mean.of(values.map((x) => x + shift)), mean.of(values) + shift, {
      absolute: 1e-12,
    }),
  controls: [
    {
      name: "divided by one less",
      subject: (mean) => ({
        of: (values) => (mean.of(values) * values.length) / Math.max(1, values.length - 1),
      }),
    },
    {
      name: "a shift of one value",
      margin: (mean, { shift, values }) =>
        Margin.equal(mean.of(values.with(0, values[0]! + shift)), mean.of(values) + shift, {
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

const mean: Mean = { of: (values) => sum(values) / values.length }

const effort = { runs: 200, seed: 3 }

describe("law", () => {
  it.effect("holds of one that obeys it, and names all its controls", () =>
    Effect.gen(function* () {
      const claim = shifts.against(mean)
      assert.deepStrictEqual(claim.controls, [
        "divided by one less",
        "a shift of one value",
        "values that round",
      ])
      const verdict = yield* Effect.provide(Verify.claim(claim, effort), Kernels.layerReference)
      assert.strictEqual(verdict._tag, "Held")
      if (verdict._tag !== "Held") return
      assert.deepStrictEqual(
        verdict.caught.map(({ control }) => control),
        [...claim.controls],
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
  const doubled = parametrisedLaw({
    id: "mean/doubled",
    statement: "Twice the mean of two numbers is their sum.",
    source,
    instances: Draw.record({ x: Draw.integer(1, 9), y: Draw.integer(1, 9) }),
    margin: (subject: Mean, { x, y }, _, times: number) =>
      Margin.equal(2 * subject.of([x, y]), times * (x + y), {}),
    exactly: ({ x, y }, _, times, subject) =>
      Exact.equal(
        Exact.multiply(Exact.of(2), Exact.of(subject.of([x, y]))),
        Exact.multiply(Exact.of(times), Exact.of(x + y)),
      ),
    holds: 1,
    fails: [
      ["twice the sum", 2],
      { name: "a sum for a mean", subject: () => ({ of: sum }) },
      {
        name: "the difference",
        margin: (subject, { x, y }) => Margin.atMost(subject.of([x, y]), x - y),
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
    expectTypeOf(shifts.against).returns.toEqualTypeOf<Claim>()
    assert.deepStrictEqual(Object.keys(shifts).toSorted(), ["against", "id", "source", "statement"])
  })
})
