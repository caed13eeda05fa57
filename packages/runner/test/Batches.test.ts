/** Short cases that go to a thread together: each ends as it would by itself. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import { Compute, type JobOf } from "../src/index.ts"
import type * as Job from "../src/Job.ts"
import * as Threads from "../src/node/Threads.ts"
import * as BatchSize from "../src/node/BatchSize.ts"
import { awaits, leaves, standard } from "./support/Counting.ts"
import { system } from "./support/System.ts"

const count = 60

/** The number that ends its thread; the one behind it is disliked. */
const last = 9

const job = (
  index: number,
  scale: number,
): JobOf<Extract<Job.Job, { readonly _tag: "RunCase" }>> => ({
  _tag: "RunCase",
  id: leaves.id,
  config: { ...standard, upTo: count, scale },
  case: index,
  seed: 1,
})

const outcomes = (size: number, scale: number) =>
  Effect.flatMap(Compute, ({ perform }) =>
    Effect.forEach(
      Array.from({ length: count }, (_, index) => index),
      (index) => Effect.exit(perform(system, job(index, scale))),
      { concurrency: "unbounded" },
    ),
  ).pipe(Effect.provide(Threads.layer(size, { kernels: "strict" })))

describe("a batch of short cases", () => {
  it.live("gives each its own rows or its own failure, whatever becomes of its thread", () =>
    Effect.gen(function* () {
      const ended = yield* outcomes(2, last)
      const failures = ended.flatMap((exit, index) =>
        Exit.isFailure(exit) ? [[index + 1, Exit.findErrorOption(exit)]] : [],
      )
      assert.deepStrictEqual(
        failures.map(([n]) => n),
        [last, last + 1],
      )
      const [died, disliked] = ended.slice(last - 1, last + 1).map((exit) => String(exit))
      assert.match(died!, /numbers\/leaves failed: its thread ended with code 7/)
      assert.match(disliked!, /10 is not liked/)
      const undisturbed = yield* outcomes(1, 0.5)
      for (const [index, exit] of ended.entries()) {
        if (Exit.isSuccess(exit)) {
          const other = undisturbed[index]!
          assert.isTrue(Exit.isSuccess(other))
          const rows = [exit, other].map((each) =>
            Exit.isSuccess(each) && each.value._tag === "Rows" ? each.value.rows : [],
          )
          assert.strictEqual(rows[0]!.length, 1)
          assert.deepStrictEqual(rows[0], rows[1])
        }
      }
    }),
  )

  it.live("tells of a case that has ended while others of its message are still to come", () =>
    Effect.gen(function* () {
      const { perform } = yield* Compute
      const folder = mkdtempSync(join(tmpdir(), "nonconvex-batches-"))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const label = join(folder, "made")
      const waits = (index: number) => {
        const config = { ...standard, upTo: 4, label }
        return perform(system, { ...job(index, 0.5), id: awaits.id, config })
      }
      const make = Effect.sync(() => writeFileSync(label, ""))
      // one shows how short they are, one goes alone since the thread is free, and two go together
      yield* waits(0)
      const [, , awaited] = yield* Effect.all(
        [waits(1), Effect.andThen(waits(2), make), waits(3)],
        {
          concurrency: "unbounded",
        },
      )
      assert.strictEqual(awaited._tag, "Rows")
    }).pipe(Effect.provide(Threads.layer(1, { kernels: "strict" }))),
  )

  it.live("loses no case where one of them is interrupted", () =>
    Effect.gen(function* () {
      const { perform } = yield* Compute
      yield* perform(system, job(0, 0.5))
      const fibers = yield* Effect.forEach(
        Array.from({ length: 30 }, (_, index) => index),
        (index) => Effect.forkChild(perform(system, job(index, 0.5))),
      )
      yield* Effect.sleep(5)
      yield* Fiber.interrupt(fibers[20]!)
      const others = fibers.filter((_, index) => index !== 20)
      const ended = yield* Effect.forEach(others, Fiber.join)
      assert.deepStrictEqual(new Set(ended.map(({ _tag }) => _tag)), new Set(["Rows"]))
    }).pipe(Effect.provide(Threads.layer(1, { kernels: "strict" }))),
  )

  it("is of cases of one experiment that took milliseconds, as many as make a message worth while", () => {
    const place = { package: "p", version: "1", id: "s", module: "m" }
    const of = (id: string, more: object = {}): Job.Job => ({
      ...job(3, 0.5),
      id,
      system: place,
      ...more,
    })
    const short = BatchSize.make()
    assert.strictEqual(short.fitting(of("a")), 1)
    short.learn(of("a"), { _tag: "Rows", rows: [], seconds: 0.001 })
    assert.strictEqual(short.fitting(of("a")), 100)
    assert.strictEqual(short.fitting(of("b")), 1)
    assert.strictEqual(short.fitting(of("a", { resuming: { every: 30 } })), 1)
    // the longest of late decides, so that a long one is soon alone again
    short.learn(of("a"), { _tag: "Rows", rows: [], seconds: 2 })
    assert.strictEqual(short.fitting(of("a")), 1)
    for (let k = 0; k < 40; k++) short.learn(of("a"), { _tag: "Rows", rows: [], seconds: 0.001 })
    assert.strictEqual(short.fitting(of("a")), 100)
    assert.isTrue(BatchSize.isAlike(of("a"), of("a", { seed: 2 })))
    assert.isFalse(BatchSize.isAlike(of("a"), of("b")))
    assert.deepStrictEqual(BatchSize.messageOf([of("a")]), of("a"))
    const { config } = job(3, 0.5)
    assert.deepStrictEqual(BatchSize.messageOf([of("a"), of("a", { seed: 2 })]), {
      _tag: "Batch",
      system: place,
      id: "a",
      cases: [
        { config, case: 3, seed: 1 },
        { config, case: 3, seed: 2 },
      ],
    })
  })
})
