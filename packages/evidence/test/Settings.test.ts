import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Experiment, type Preset } from "../src/index.ts"
import * as Settings from "../src/Settings.ts"
import { counts, standard } from "./support/Counting.ts"

const resolve = (
  overrides: Readonly<Record<string, string>>,
  preset: Preset = "fast",
  experiment: Experiment.Experiment = counts,
) => Effect.map(Settings.resolve(experiment, preset, overrides), ({ encoded }) => encoded)

const refusal = (overrides: Readonly<Record<string, string>>) =>
  Effect.map(Effect.flip(resolve(overrides)), (error) => error.message)

describe("Settings.resolve", () => {
  it.effect("is the preset where nothing is set", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* resolve({}), { ...standard })
      assert.deepStrictEqual(yield* resolve({}, "smoke"), { ...standard, upTo: 2 })
      assert.deepStrictEqual(yield* resolve({}, "paper"), { ...standard, upTo: 100 })
    }),
  )

  it.effect("reads values as JSON, or else as text", () =>
    Effect.gen(function* () {
      const config = yield* resolve({
        upTo: "7",
        scale: "1e-3",
        weights: "[1, 0.25]",
        mode: "down",
        label: '"quoted"',
      })
      assert.deepStrictEqual(config, {
        upTo: 7,
        scale: 0.001,
        weights: [1, 0.25],
        mode: "down",
        label: "quoted",
      })
    }),
  )

  it.effect("takes a setting that no preset names, and leaves it out where it is not set", () =>
    Effect.gen(function* () {
      const optional = Experiment.table({
        id: "toy/optional",
        title: "Optional",
        source: { paper: "none", statement: "none", basis: "derived here" },
        question: "Is it set?",
        config: Schema.Struct({ n: Schema.Int, of: Schema.optionalKey(Schema.String) }),
        optional: ["of"],
        columns: Schema.Struct({ n: Schema.Int }),
        presets: { smoke: { n: 1 }, fast: { n: 2 }, paper: { n: 3 } },
        cases: () => [],
        row: () => [],
        figures: () => [],
        expectations: () => [],
      })
      assert.deepStrictEqual(yield* resolve({}, "fast", optional), { n: 2 })
      assert.deepStrictEqual(yield* resolve({ of: "a" }, "fast", optional), { n: 2, of: "a" })
      const { message } = yield* Effect.flip(Settings.resolve(optional, "fast", { off: "a" }))
      assert.strictEqual(message, 'toy/optional has no setting "off"; it has n, of')
    }),
  )

  it.effect("checks all settings together, in whatever order they are named", () =>
    Effect.gen(function* () {
      for (const overrides of [
        { upTo: "8", scale: "8" },
        { scale: "8", upTo: "8" },
      ]) {
        assert.deepStrictEqual(yield* resolve(overrides), { ...standard, upTo: 8, scale: 8 })
      }
      assert.strictEqual(
        yield* refusal({ upTo: "8", scale: "9" }),
        "numbers/counts: scale=9 is refused: scale must be at most upTo",
      )
    }),
  )

  it.effect.each<readonly [overrides: Readonly<Record<string, string>>, message: string]>([
    [
      { size: "3" },
      'numbers/counts has no setting "size"; it has upTo, scale, weights, mode, label',
    ],
    [
      { toString: "3" },
      'numbers/counts has no setting "toString"; it has upTo, scale, weights, mode, label',
    ],
    [{ upTo: "many" }, "numbers/counts: upTo=many is refused: expected number"],
    [{ upTo: "2.5" }, "numbers/counts: upTo=2.5 is refused: expected an integer"],
    [{ upTo: "-1" }, "numbers/counts: upTo=-1 is refused: expected a value greater than 0"],
    [{ upTo: "" }, "numbers/counts: upTo= is refused: expected number"],
    [{ scale: "11" }, "numbers/counts: scale=11 is refused: expected a value between 0 and 10"],
    [{ scale: "1e999" }, "numbers/counts: scale=1e999 is refused: expected a finite number"],
    [{ scale: "[1]" }, "numbers/counts: scale=[1] is refused: expected number"],
    [{ weights: "1" }, "numbers/counts: weights=1 is refused: expected array"],
    [
      { weights: '[1, "x"]' },
      'numbers/counts: weights=[1, "x"] is refused: expected number at weights[1]',
    ],
    [{ mode: "sideways" }, 'numbers/counts: mode=sideways is refused: expected "up" | "down"'],
    [{ label: "2024" }, "numbers/counts: label=2024 is refused: expected string"],
  ])("refuses %o in one line", ([overrides, message]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refusal(overrides), message)
    }),
  )
})
