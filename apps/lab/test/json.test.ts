/** JSON of strangers: refused by its bytes, its depth and its values before anything is made of it. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Result, Schema } from "effect"
import { spawnSync } from "node:child_process"
import { closeSync, openSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { interruptible } from "../src/cli/Interruptible.ts"
import * as Json from "../src/files/Json.ts"
import { temporary } from "./support/Folders.ts"

const few: Json.Bounds = { bytes: 1000, depth: 4, values: 10 }

const anything = Json.by(Schema.Json)

const read = (text: string | Uint8Array, bounds = few) => {
  const file = join(temporary(), "a.json")
  writeFileSync(file, text)
  return Json.read(file, bounds, anything).pipe(Effect.provide(NodeServices.layer))
}

describe("Json.read", () => {
  it.live("reads what is within the bounds", () =>
    Effect.gen(function* () {
      for (const value of [null, 1, "a", [[[[1]]]], { a: { b: [1, '"', "\\", '\\"]'] } }]) {
        assert.deepStrictEqual(yield* read(JSON.stringify(value)), value)
      }
      assert.deepStrictEqual(yield* read("\ufeff[1]"), [1])
    }),
  )

  it.live.each([
    ["more bytes", JSON.stringify("a".repeat(999)), /^has more than 1000 bytes$/],
    ["more depth", "[[[[[1]]]]]", /^has more than 4 nested lists and objects$/],
    ["more values", `[${"1,".repeat(10)}1]`, /^has more than 10 values$/],
    ["what objects inherit", '{"__proto__":{"a":1}}', /^has a field named __proto__$/],
    ["the same, in other words", '{"\\u005f_proto__":{"a":1}}', /^has a field named __proto__$/],
    ["a part of JSON", '{"a":', /^is not JSON \(/],
    ["a text without an end", '["a', /^is not JSON \(/],
    ["nothing", "", /^is not JSON \(/],
  ] as const)("refuses %s", ([, text, reason]) =>
    Effect.gen(function* () {
      const refusal = yield* Effect.flip(read(text))
      assert.match(refusal.reason, reason)
      assert.strictEqual(refusal.of, "text")
    }),
  )

  it.live("makes nothing of lists within lists without end", () =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(read("[".repeat(1_000_000), Json.ofSettings))
      assert.strictEqual(reason, "has more than 32 nested lists and objects")
    }),
  )

  it.live("reads no more of a file than the bounds", () =>
    Effect.gen(function* () {
      const file = join(temporary(), "huge.json")
      closeSync(openSync(file, "w"))
      // 1 TB, of which the disk has nothing
      truncateSync(file, 2 ** 40)
      for (const path of [file, ...(process.platform === "linux" ? ["/dev/zero"] : [])]) {
        const before = process.memoryUsage.rss()
        const refusal = yield* Effect.flip(Json.read(path, Json.ofSettings, anything))
        assert.strictEqual(refusal.reason, "has more than 16777216 bytes")
        assert.isBelow(process.memoryUsage.rss() - before, 2 ** 28)
      }
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("says what a schema expected, and where", () =>
    Effect.gen(function* () {
      const file = join(temporary(), "a.json")
      writeFileSync(file, '{"a":[1,"x"],"b":1}')
      const schema = Schema.Struct({ a: Schema.Array(Schema.Finite) })
      const strict = Json.by(schema, { onExcessProperty: "error" })
      const refusal = yield* Effect.flip(Json.read(file, few, Json.by(schema)))
      assert.deepStrictEqual(refusal, { of: "schema", reason: "a[1]: expected number" })
      writeFileSync(file, '{"a":[1],"b":1}')
      assert.isTrue(Result.isSuccess(Json.by(schema)({ a: [1], b: 1 })))
      const excess = yield* Effect.flip(Json.read(file, few, strict))
      assert.strictEqual(excess.reason, "b: expected no excess property")
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})

describe("atOnce", () => {
  it.live(
    "leaves signals to the system while it works, and to their handlers after, also where it throws",
    () =>
      Effect.gen(function* () {
        const handler = () => undefined
        process.on("SIGTERM", handler)
        yield* Effect.addFinalizer(() => Effect.sync(() => process.off("SIGTERM", handler)))
        const others = process.listeners("SIGTERM")
        assert.deepStrictEqual(yield* interruptible(() => process.listeners("SIGTERM")), [])
        const exit = yield* Effect.exit(
          interruptible(() => {
            throw new Error("a")
          }),
        )
        assert.isTrue(Exit.hasDies(exit))
        assert.deepStrictEqual(process.listeners("SIGTERM"), others)
      }),
  )

  it.each(["SIGINT", "SIGTERM"])("hears a %s that came before, and does not begin", (signal) => {
    const program = join(import.meta.dirname, "fixtures/lateSignal.ts")
    const args = ["--conditions=source", program, signal]
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" })
    assert.deepStrictEqual({ status, stdout }, { status: 130, stdout: "" })
  })
})
