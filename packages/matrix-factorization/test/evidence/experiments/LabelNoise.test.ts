import { assert, describe, it } from "@effect/vitest"
import { Kernels } from "@nonconvex/numerics"
import { Effect } from "effect"
import { labelNoise } from "../../../src/evidence/experiments/LabelNoise.ts"
import { data } from "../../support/capabilities.ts"

describe("the first row of the table of label noise", () => {
  it.effect(
    "ends below a fifth of the trace, and at the nuclear norm of the truth",
    () =>
      Effect.gen(function* () {
        const fast = labelNoise.preset("fast") as {
          readonly settings: ReadonlyArray<never>
        }
        const first = labelNoise.configure({
          ...fast,
          settings: fast.settings.slice(0, 1),
        })
        assert.strictEqual(first.count, 1)
        const rows = yield* first.rowsOf(0, 1, { kernels: Kernels.strict() }, data)
        const shown = first.evaluate(rows).expectations
        assert.deepStrictEqual(
          shown.filter(({ holds }) => !holds),
          [],
        )
        const expected = (beginning: string) =>
          shown.find(({ statement }) => statement.startsWith(beginning))!.expected
        assert.strictEqual(expected("trace with label noise"), "at least 5")
        assert.strictEqual(expected("final nuclear norm"), "1 ± 0.05")
      }),
    60_000,
  )
})
