import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Scope } from "effect"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { vi } from "vitest"
import { type Job, Workers } from "../../src/parallel/index.ts"
import { system } from "../support/System.ts"

// threads take long to start on a machine that is busy
vi.setConfig({ testTimeout: 60_000 })

const searching = (id: string): Job => ({
  _tag: "SearchClaim",
  module: system.module,
  id,
  control: undefined,
  search: { seed: 1, runs: 10 },
})

const unheard = () => undefined

/** With code 0 where it was ended before it had begun, which happens on a machine that is busy. */
const threadEnded = /^its thread ended with code [01]$/

describe("Workers", () => {
  it.live("fails what is under way, waiting or late when it closes", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Workers.layer(1), scope)
      const { perform } = yield* Effect.provide(Workers, context)
      const [underWay, waiting] = [
        yield* Effect.forkChild(Effect.flip(perform(searching("numbers/spins"), unheard))),
        yield* Effect.forkChild(Effect.flip(perform(searching("numbers/holds"), unheard))),
      ]
      yield* Effect.sleep(300)
      const started = performance.now()
      yield* Scope.close(scope, Exit.void)
      assert.isBelow(performance.now() - started, 1000)
      assert.match((yield* Fiber.join(underWay)).reason, threadEnded)
      assert.strictEqual((yield* Fiber.join(waiting)).reason, "its pool is closed")
      const late = yield* Effect.flip(perform(searching("numbers/holds"), unheard))
      assert.strictEqual(late.reason, "its pool is closed")
    }),
  )

  it.effect("has at least one thread", () =>
    Effect.gen(function* () {
      for (const [asked, size] of [
        [0, 1],
        [-3, 1],
        [2.9, 2],
      ] as const) {
        const workers = yield* Effect.provide(Workers, Workers.layer(asked))
        assert.strictEqual(workers.size, size)
      }
    }),
  )

  it("leaves no thread behind, and survives one that ran out of memory", () => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [
        "--max-old-space-size=80",
        "--conditions=source",
        fileURLToPath(import.meta.resolve("../support/Pool.ts")),
      ],
      { encoding: "utf8", timeout: 50_000 },
    )
    assert.strictEqual(status, 0, stderr)
    const { reason, ...rest } = JSON.parse(stdout) as { readonly reason: string }
    assert.match(reason, threadEnded)
    assert.deepStrictEqual(rest, {
      memory:
        "numbers/hoards failed: Worker terminated due to reaching memory limit: JS heap out of memory",
      tags: ["Held", "Falsified"],
    })
  })
})
