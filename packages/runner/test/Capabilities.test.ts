/** A layer of a program's own computes every run of it, whatever thread does that. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import type { Capabilities } from "../src/Capabilities.ts"
import { Compute, type JobOf } from "../src/index.ts"
import * as Inline from "../src/Inline.ts"
import * as RunKey from "../src/RunKey.ts"
import * as Code from "../src/node/Code.ts"
import * as Layers from "../src/node/Layers.ts"
import * as Threads from "../src/node/Threads.ts"
import * as Own from "./fixtures/Own.ts"
import { standard } from "./support/Counting.ts"
import { norm, system } from "./support/System.ts"

const module = new URL("fixtures/Own.ts", import.meta.url).href

const own = (name: keyof typeof Own) => ({ module, export: name })

/** The power of a program that composes over `capabilities`: its own thread, or others. */
const powers = [
  ["this thread", (of: Capabilities) => Layer.provide(Inline.layer, Layers.layer(of))],
  ["two threads", (of: Capabilities) => Threads.layer(2, of)],
] as const

const normOf = Effect.fnUntraced(function* (input: ReadonlyArray<number>) {
  const { perform } = yield* Compute
  const result = yield* perform(system, { _tag: "Operate", id: norm.id, input })
  return result._tag === "Operated" ? result.output : assert.fail(result._tag)
})

const reading: JobOf = {
  _tag: "RunCase",
  id: "numbers/reads",
  config: standard,
  case: 0,
  seed: 1,
}

const samplesRead = Effect.gen(function* () {
  const { perform } = yield* Compute
  const result = yield* perform(system, reading)
  return result._tag === "Rows" ? Number(result.rows[0]!["value"]) : assert.fail(result._tag)
})

describe.each(powers)("a layer that a module exports, on %s", (name, power) => {
  it.live("are the kernels of every job", () =>
    Effect.gen(function* () {
      const before = Own.calls.norm
      const all = Effect.all([normOf([3, 4]), normOf([6, 8]), normOf([0, 5])], {
        concurrency: "unbounded",
      })
      assert.deepStrictEqual(yield* Effect.provide(all, power({ kernels: "strict" })), [5, 10, 5])
      assert.strictEqual(Own.calls.norm, before)
      const doubled = power({ kernels: own("doubled") })
      assert.deepStrictEqual(yield* Effect.provide(all, doubled), [10, 20, 10])
      // other threads have counters of their own
      assert.strictEqual(Own.calls.norm - before, name === "this thread" ? 3 : 0)
    }),
  )

  it.live("are the data of every case", () =>
    Effect.gen(function* () {
      const shipped = yield* Effect.provide(samplesRead, power({ kernels: "strict" }))
      const fewer = power({ kernels: "strict", data: own("fewer") })
      assert.strictEqual(yield* Effect.provide(samplesRead, fewer), shipped >> 1)
    }),
  )

  it.live.each([
    ["a module that is not there", { ...own("doubled"), module: `${module}.gone` }],
    ["a name that it does not export", { ...own("doubled"), export: "tripled" }],
    ["what is no layer", own("settings")],
  ] as const)("is refused with %s", ([, kernels]) =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(Effect.provide(normOf([3, 4]), power({ kernels })))
      assert.strictEqual(failure._tag, "BackendUnavailable")
      assert.include(failure.message, "Export a Layer with this name")
    }),
  )
})

describe("the key of a run", () => {
  const identity = Code.identityOf({ kernels: own("doubled"), data: own("fewer") })
  const keyOf = (capabilities: Capabilities): RunKey.RunKey => ({
    kind: "experiment",
    subject: "numbers/counts",
    config: {},
    seed: 1,
    ...Code.identityOf(capabilities),
    code: "c0de",
  })

  it("has the code of a layer, and not where its module lies", () => {
    assert.match(identity.kernels, /^doubled@[0-9a-f]{64}$/)
    assert.match(identity.data!, /^fewer@[0-9a-f]{64}$/)
    const key = Schema.encodeSync(RunKey.RunKey)(keyOf({ kernels: own("doubled") }))
    assert.notInclude(JSON.stringify(key), "Own.ts")
  })

  it.effect("is another with other layers", () =>
    Effect.gen(function* () {
      const ids = yield* Effect.forEach(
        [
          { kernels: "strict" },
          { kernels: own("doubled") },
          { kernels: own("settings") },
          { kernels: "strict", data: own("fewer") },
        ] as const,
        (capabilities) => RunKey.idOf(keyOf(capabilities)),
      )
      assert.strictEqual(new Set(ids).size, ids.length)
    }),
  )

  it("names no module, whoever writes it", () => {
    const isKey = Schema.is(RunKey.RunKey)
    const key = keyOf({ kernels: "strict" })
    assert.isTrue(isKey(key))
    for (const kernels of [own("doubled"), module, `doubled@${module}`, "doubled"]) {
      assert.isFalse(isKey({ ...key, kernels }))
    }
  })
})

it("names of kernels stay as they are in keys", () => {
  for (const kernels of ["strict", "relaxed", "reference"] as const) {
    assert.deepStrictEqual(Code.identityOf({ kernels }), { kernels })
  }
})
