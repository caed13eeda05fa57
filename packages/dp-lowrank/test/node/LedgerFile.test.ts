// A process that stands still for longer than the lock is kept for it, at any of its calls: it loses no spend, and no ledger.
import { NodeServices } from "@effect/platform-node"
import { assert, describe } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { Ledger } from "../../src/index.ts"
import { age, freezing, isCommit, isWriteOfTheLine } from "../support/FrozenFiles.ts"
import { account, live, made, on, planned } from "../support/Ledgers.ts"

describe("a ledger on the disk", () => {
  live("grants nothing to a process that slept past its lock while another one spent", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      const lock = `${ledger.path}.lock`
      const others = join(lock, "of another")
      const rival = Effect.gen(function* () {
        age(lock)
        const { receipt } = yield* Ledger.spend(ledger, planned(0.2), "the same")
        assert.strictEqual(receipt?.entry, 1)
        // and somebody else is about to spend
        mkdirSync(lock)
        writeFileSync(others, "")
      }).pipe(Effect.provide(on(NodeServices.layer)))
      const spending = Ledger.spend(ledger, planned(0.2), "the same")
      const slept = yield* Effect.flip(Effect.provide(spending, on(freezing(isCommit, rival))))
      assert.strictEqual(slept._tag, "LedgerLocked")
      assert.isTrue(existsSync(others))
      assert.lengthOf((yield* Ledger.status(ledger)).entries, 1)
      assert.strictEqual((yield* Effect.flip(spending))._tag, "LedgerLocked")
      age(lock)
      assert.strictEqual((yield* spending).receipt?.entry, 2)
      assert.isFalse(existsSync(lock))
    }),
  )

  live("grants what was recorded before the process slept, which comes before another one's", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      const spending = Ledger.spend(ledger, planned(0.2), "the same")
      const rival = Effect.gen(function* () {
        age(`${ledger.path}.lock`)
        assert.strictEqual((yield* spending).receipt?.entry, 2)
        assert.strictEqual((yield* spending).receipt?.entry, 3)
      }).pipe(Effect.provide(on(NodeServices.layer)))
      const slept = yield* Effect.provide(spending, on(freezing(isWriteOfTheLine, rival)))
      assert.strictEqual(slept.receipt?.entry, 1)
      assert.lengthOf((yield* Ledger.status(ledger)).entries, 3)
    }),
  )

  live("loses no spend to a process that stands still at any of its calls", () =>
    Effect.gen(function* () {
      let calls = 0
      const counting = freezing(({ index }) => {
        calls = index + 1
        return false
      }, Effect.void)
      yield* Effect.provide(Ledger.spend(yield* made, planned(0.1), "x"), on(counting))
      assert.isAtLeast(calls, 8)
      for (let at = 0; at < calls; at++) {
        const ledger = yield* made
        const lock = `${ledger.path}.lock`
        yield* Ledger.spend(ledger, planned(0.1), "before")
        const granted: Array<number> = []
        const spending = Effect.map(Ledger.spend(ledger, planned(0.1), "the same"), (permit) =>
          granted.push(permit.receipt!.entry),
        )
        const rival = Effect.sync(() => age(lock)).pipe(
          Effect.andThen(spending),
          Effect.andThen(spending),
          Effect.provide(on(NodeServices.layer)),
        )
        const files = freezing(({ index }) => index === at, rival)
        yield* Effect.exit(Effect.provide(spending, on(files)))
        assert.isFalse(existsSync(lock), `call ${at}`)
        yield* spending
        const { entries } = yield* Ledger.status(ledger)
        assert.isAtLeast(granted.length, 3, `call ${at}`)
        assert.strictEqual(new Set(granted).size, granted.length, `call ${at}`)
        const paid = granted.map((entry) => entries[entry - 1]?.purpose)
        assert.isTrue(
          paid.every((purpose) => purpose === "the same"),
          `call ${at}`,
        )
      }
    }),
  )

  live("begins one ledger of two that are begun at once, whichever stands still", () =>
    Effect.gen(function* () {
      const creating = (ledger: Ledger.Account, epsilon: number) =>
        Ledger.create(ledger, { neighbours: "replace", budget: { epsilon, delta: 1e-6 } })
      let calls = 0
      const counting = freezing(({ index }) => {
        calls = index + 1
        return false
      }, Effect.void)
      yield* Effect.provide(creating(account(), 1), on(counting))
      for (let at = 0; at < calls; at++) {
        const ledger = account()
        const rival = Effect.sync(() => age(`${ledger.path}.lock`)).pipe(
          Effect.andThen(creating(ledger, 2)),
          Effect.catchTag("LedgerExists", () => Effect.void),
          Effect.andThen(Ledger.spend(ledger, planned(0.1), "x")),
          Effect.provide(on(NodeServices.layer)),
        )
        const files = freezing(({ index }) => index === at, rival)
        const slept = yield* Effect.exit(Effect.provide(creating(ledger, 1), on(files)))
        const { budget: begun, entries } = yield* Ledger.status(ledger)
        assert.strictEqual(begun.epsilon, Exit.isSuccess(slept) ? 1 : 2, `call ${at}`)
        assert.lengthOf(entries, 1, `call ${at}`)
      }
    }),
  )

  describe.skipIf(process.platform === "win32")("and a process that is stopped", () => {
    const isStopped = (pid: number): boolean =>
      existsSync("/proc/self/stat")
        ? readFileSync(`/proc/${pid}/stat`, "utf8").includes(") T ")
        : spawnSync("ps", ["-o", "state=", "-p", String(pid)]).stdout.includes("T")

    const stopped = (when: "before" | "after") =>
      live(`keeps every spend, also where it was stopped ${when} its own was recorded`, () =>
        Effect.gen(function* () {
          const ledger = yield* made
          const program = join(import.meta.dirname, "../fixtures/spend.ts")
          const args = ["--conditions=source", program, ledger.path, when]
          const child = yield* Effect.acquireRelease(
            Effect.sync(() => spawn(process.execPath, args, { stdio: ["ignore", "pipe", 2] })),
            (process) => Effect.sync(() => process.kill("SIGKILL")),
          )
          const said = text(child.stdout!)
          while (child.exitCode === null && !isStopped(child.pid!)) yield* Effect.sleep("20 millis")
          const spending = Ledger.spend(ledger, planned(0.1), "meanwhile")
          assert.strictEqual((yield* Effect.flip(spending))._tag, "LedgerLocked")
          age(`${ledger.path}.lock`)
          yield* spending
          yield* spending
          child.kill("SIGCONT")
          assert.strictEqual(
            yield* Effect.promise(() => said),
            when === "before" ? "LedgerLocked" : "1",
          )
          const { entries } = yield* Ledger.status(ledger)
          assert.deepStrictEqual(
            entries.map(({ purpose }) => purpose),
            [...(when === "before" ? [] : ["stopped"]), "meanwhile", "meanwhile"],
          )
        }).pipe(Effect.scoped),
      )
    stopped("before")
    stopped("after")
  })
})
