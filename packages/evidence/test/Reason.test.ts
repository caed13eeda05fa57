import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Reason from "../src/Reason.ts"

class Silent extends Schema.TaggedError<Silent>()("Silent", { value: Schema.Number }) {}

describe("Reason.of", () => {
  it("is the first line of a message", () => {
    assert.strictEqual(Reason.of(new Error("one\ntwo")), "one")
    assert.strictEqual(Reason.of(new RangeError("\n  late\n")), "late")
    assert.strictEqual(Reason.of("a text\nand more"), "a text")
  })

  it("is the name of an error without a message", () => {
    assert.strictEqual(Reason.of(new Silent({ value: 3 })), "Silent")
    assert.strictEqual(Reason.of(new TypeError()), "TypeError")
  })

  it("shows values that are no errors", () => {
    assert.strictEqual(Reason.of({ step: 3 }), `{"step":3}`)
    assert.strictEqual(Reason.of(undefined), "undefined")
    assert.strictEqual(Reason.of(null), "null")
  })

  it.effect("names the place that a schema refuses", () =>
    Effect.gen(function* () {
      const table = Schema.Struct({ rows: Schema.Array(Schema.Struct({ loss: Schema.Number })) })
      const decode = Schema.decodeUnknownEffect(table)
      const deep = yield* Effect.flip(decode({ rows: [{ loss: 1 }, { loss: "x" }] }))
      assert.strictEqual(Reason.of(deep), "rows[1].loss: expected number")
      const top = yield* Effect.flip(decode(3))
      assert.strictEqual(Reason.of(top), "expected object")
    }),
  )
})
