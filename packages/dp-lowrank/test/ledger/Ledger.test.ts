// What a ledger says and refuses, and what becomes of it when somebody damages its files.
import { InvalidInput } from "@nonconvex/numerics"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import * as Ledger from "../../src/ledger/Ledger.ts"
import { GaussianPrivacy, LedgerStorage } from "../../src/index.ts"
import { account, budget, live, made, on, planned } from "../support/Ledgers.ts"
import { type LedgerError } from "../../src/ledger/LedgerErrors.ts"

const emptyFolder = (path: string): void => {
  rmSync(path, { recursive: true })
  mkdirSync(path)
}

const failing = <A, E extends LedgerError | InvalidInput>(
  effect: Effect.Effect<A, E, LedgerStorage>,
) => Effect.flip(effect)

describe("Ledger", () => {
  live("spends a budget whole, exactly once", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      assert.strictEqual((yield* Ledger.status(ledger)).spentEpsilon, 0)
      assert.strictEqual((yield* Ledger.spend(ledger, planned(1), "all of it")).receipt?.entry, 1)
      const { entries, neighbours, spentEpsilon } = yield* Ledger.status(ledger)
      assert.strictEqual(neighbours, "replace")
      assert.closeTo(spentEpsilon, 1, 1e-9)
      assert.strictEqual(entries[0]!.purpose, "all of it")
      const error = yield* failing(Ledger.spend(ledger, planned(0.1), "more"))
      assert.strictEqual(error._tag, "BudgetExceeded")
      assert.match(
        error.message,
        /epsilon 1 at delta 0.000001, 1 is spent, and this release would raise it to 1.00\d/,
      )
      assert.lengthOf((yield* Ledger.status(ledger)).entries, 1)
    }),
  )

  live("adds up as Gaussians do: two releases of half the mu^2 make one", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      // 0.68 at delta 1e-6 has about half of the mu^2 of 1
      yield* Ledger.spend(ledger, planned(0.68), "first")
      yield* Ledger.spend(ledger, planned(0.68), "second")
      const { spentEpsilon } = yield* Ledger.status(ledger)
      const mu = Math.SQRT2 * planned(0.68).privacy.mu
      assert.closeTo(spentEpsilon, GaussianPrivacy.epsilon(mu, 1e-6), 1e-8)
      assert.isBelow(spentEpsilon, 1)
    }),
  )

  live("is missing, or there already", () =>
    Effect.gen(function* () {
      const missing = yield* failing(Ledger.spend(account(), planned(1), "x"))
      assert.strictEqual(missing._tag, "LedgerMissing")
      const ledger = yield* made
      const creation = Ledger.create(ledger, { neighbours: "replace", budget })
      assert.strictEqual((yield* failing(creation))._tag, "LedgerExists")
      rmSync(ledger.path)
      assert.strictEqual((yield* failing(creation))._tag, "LedgerExists")
      assert.strictEqual((yield* Ledger.spend(ledger, planned(0.5), "x")).receipt?.entry, 1)
      rmSync(`${ledger.path}.entries`, { recursive: true })
      assert.strictEqual((yield* failing(creation))._tag, "LedgerExists")
      assert.lengthOf((yield* Ledger.status(ledger)).entries, 1)
    }),
  )

  const edit = (change: (text: string) => string) => (path: string) =>
    writeFileSync(path, change(readFileSync(path, "utf8")))

  /** What may happen to the file of lines, whose entries are whole. */
  const damages: ReadonlyArray<readonly [string, (path: string) => void]> = [
    ["fewer lines", edit((text) => `${text.split("\n")[0]}\n`)],
    ["half a file", (path) => truncateSync(path, 40)],
    ["nothing left", (path) => truncateSync(path, 0)],
    ["no file", (path) => rmSync(path)],
    ["a smaller spend", edit((text) => text.replace('"mu":0.', '"mu":0.0'))],
    ["a larger budget", edit((text) => text.replace('"epsilon":1', '"epsilon":9'))],
    ["a line less in the middle", edit((text) => text.replace(/\n.*\n/, "\n"))],
    ["zeros at the end", edit((text) => `${text.slice(0, -30)}${"\0".repeat(30)}`)],
    ["no end of the last line", edit((text) => text.slice(0, -1))],
  ]

  live("loses nothing with one of its places, and writes it again with the next spend", () =>
    Effect.gen(function* () {
      for (const [name, change] of damages) {
        const ledger = yield* made
        yield* Ledger.spend(ledger, planned(0.2), "x")
        yield* Ledger.spend(ledger, planned(0.2), "y")
        change(ledger.path)
        assert.lengthOf((yield* Ledger.status(ledger)).entries, 2, name)
        assert.strictEqual((yield* Ledger.spend(ledger, planned(0.1), "z")).receipt?.entry, 3, name)
        const text = readFileSync(ledger.path, "utf8")
        rmSync(`${ledger.path}.entries`, { recursive: true })
        assert.lengthOf((yield* Ledger.status(ledger)).entries, 3, name)
        yield* Ledger.spend(ledger, planned(0.1), "z")
        rmSync(ledger.path)
        assert.lengthOf((yield* Ledger.status(ledger)).entries, 4, name)
        assert.lengthOf(text.split("\n"), 5, name)
      }
    }),
  )

  live("is damaged where a line is whole in neither place, and spends nothing then", () =>
    Effect.gen(function* () {
      const inEntries: typeof damages = [
        ["an entry gone", (path) => rmSync(`${path}.entries/1`, { recursive: true })],
        ["an entry without its line", (path) => emptyFolder(`${path}.entries/1`)],
        [
          "an entry that was changed",
          (path) => {
            const [file = ""] = readdirSync(`${path}.entries/1`)
            edit((text) => text.replace("mu", "mv"))(`${path}.entries/1/${file}`)
          },
        ],
      ]
      for (const [name, change] of inEntries) {
        const ledger = yield* made
        yield* Ledger.spend(ledger, planned(0.2), "x")
        yield* Ledger.spend(ledger, planned(0.2), "y")
        change(ledger.path)
        edit((text) => text.replace('"purpose":"x"', '"purpose":"X"'))(ledger.path)
        const error = yield* failing(Ledger.spend(ledger, planned(0.1), "z"))
        assert.strictEqual(error._tag, "LedgerDamaged", name)
        assert.match(error.message, /entry 1 is complete in neither .*"nonconvex ledger" shows/)
        const recreated = yield* failing(Ledger.create(ledger, { neighbours: "replace", budget }))
        assert.strictEqual(recreated._tag, "LedgerDamaged", `create after ${name}`)
      }
      for (const [name, more] of [
        ["a line too many", "{}\n"],
        ["bytes after the end", "{"],
      ] as const) {
        const ledger = yield* made
        appendFileSync(ledger.path, more)
        const error = yield* failing(Ledger.spend(ledger, planned(0.1), "z"))
        assert.strictEqual(error._tag, "LedgerDamaged", name)
      }
    }),
  )

  live("takes no line with a field that it does not write, though its hash is right", () =>
    Effect.gen(function* () {
      const more = edit((text) => text.replace('"purpose":"x"', '"refunded":true,"purpose":"x"'))
      const ledger = yield* made
      yield* Ledger.spend(ledger, planned(0.2), "x")
      more(ledger.path)
      assert.lengthOf((yield* Ledger.status(ledger)).entries, 1)
      yield* Ledger.spend(ledger, planned(0.2), "y")
      assert.notInclude(readFileSync(ledger.path, "utf8"), "refunded")
      const [file = ""] = readdirSync(`${ledger.path}.entries/1`)
      for (const path of [ledger.path, `${ledger.path}.entries/1/${file}`]) more(path)
      const error = yield* failing(Ledger.spend(ledger, planned(0.1), "z"))
      assert.match(error.message, /entry 1 is complete in neither/)
    }),
  )

  live("is damaged where its places tell two stories", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* made, yield* made]
      yield* Ledger.spend(one, planned(0.2), "x")
      yield* Ledger.spend(other, planned(0.4), "x")
      writeFileSync(one.path, readFileSync(other.path))
      const differing = yield* failing(Ledger.status(one))
      assert.match(differing.message, /entry 1 differs between/)
      const mixed = yield* made
      yield* Ledger.spend(mixed, planned(0.1), "x")
      yield* Ledger.spend(mixed, planned(0.1), "y")
      yield* Ledger.spend(other, planned(0.1), "y")
      // the second spend of another ledger: whole, and after no first one of this
      const [, , second = ""] = readFileSync(other.path, "utf8").split("\n")
      writeFileSync(mixed.path, "")
      const [file = ""] = readdirSync(`${mixed.path}.entries/2`)
      writeFileSync(`${mixed.path}.entries/2/${file}`, `${second}\n`)
      const changed = yield* failing(Ledger.status(mixed))
      assert.match(changed.message, /a line of the ledger was changed/)
    }),
  )

  live("is never begun over a file of somebody, or with a budget that is none", () =>
    Effect.gen(function* () {
      const taken = account()
      writeFileSync(taken.path, "one line without an end")
      const error = yield* failing(Ledger.create(taken, { neighbours: "replace", budget }))
      assert.strictEqual(error._tag, "LedgerDamaged")
      assert.strictEqual(readFileSync(taken.path, "utf8"), "one line without an end")
      const impossible = yield* failing(
        Ledger.create(account(), { neighbours: "replace", budget: { epsilon: 1, delta: 1e-310 } }),
      )
      assert.instanceOf(impossible, InvalidInput)
    }),
  )

  live("is checked before anything is written, as a release would find it", () =>
    Effect.gen(function* () {
      const none = account()
      assert.strictEqual((yield* failing(Ledger.check(none, planned(1))))._tag, "LedgerMissing")
      yield* Ledger.check(none, planned(1), budget)
      assert.isFalse(existsSync(none.path))
      const ledger = yield* made
      yield* Ledger.check(ledger, planned(1))
      const twice = yield* failing(Ledger.check(ledger, planned(1), budget))
      assert.strictEqual(twice._tag, "LedgerExists")
      const other = yield* failing(Ledger.check({ ...ledger, dataset: "other" }, planned(1)))
      assert.strictEqual(other._tag, "LedgerOfOther")
      const hidden = yield* failing(Ledger.check(ledger, planned(1, "add-remove")))
      assert.strictEqual(hidden._tag, "LedgerOfOther")
      yield* Ledger.spend(ledger, planned(1), "all")
      const full = yield* failing(Ledger.check(ledger, planned(0.2)))
      assert.strictEqual(full._tag, "BudgetExceeded")
      assert.lengthOf((yield* Ledger.status(ledger)).entries, 1)
    }),
  )

  live("refuses what is more than all of a small budget, which has no room for the grid", () =>
    Effect.gen(function* () {
      const small = account()
      const tiny = { epsilon: 1e-15, delta: 1e-300 }
      yield* Ledger.create(small, { neighbours: "replace", budget: tiny })
      const error = yield* failing(Ledger.spend(small, planned(0.2), "x"))
      assert.strictEqual(error._tag, "BudgetExceeded")
      const room = yield* failing(Ledger.check(small, planned(0.2), tiny))
      assert.strictEqual(room.message, error.message)
      yield* Ledger.check(account(), planned(0.2), budget)
    }),
  )

  describe.each([
    ["on the disk", () => on(NodeServices.layer)],
    ["in memory", () => LedgerStorage.layerMemory],
  ] as const)("kept %s", (_, storage) => {
    it.live("takes one spend after the other of many at once, and no more than its budget", () =>
      Effect.gen(function* () {
        const ledger = yield* made
        const spending = Ledger.spend(ledger, planned(0.3), "one of many").pipe(
          Effect.map(({ receipt }) => receipt!.entry),
          Effect.catchTag("BudgetExceeded", () => Effect.succeed(0)),
        )
        const granted = yield* Effect.all(
          Array.from({ length: 16 }, () => spending),
          { concurrency: "unbounded" },
        )
        const { entries, spentEpsilon } = yield* Ledger.status(ledger)
        const paid = granted.filter((entry) => entry > 0).toSorted((a, b) => a - b)
        assert.deepStrictEqual(
          paid,
          entries.map(({ entry }) => entry),
        )
        assert.lengthOf(entries, 9)
        assert.isAtMost(spentEpsilon, 1)
        const twice = yield* failing(Ledger.create(ledger, { neighbours: "replace", budget }))
        assert.strictEqual(twice._tag, "LedgerExists")
        const missing = yield* failing(Ledger.status(account()))
        assert.strictEqual(missing._tag, "LedgerMissing")
      }).pipe(Effect.provide(storage())),
    )
  })

  live("gives a receipt: what is spent with this release, of which budget", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      yield* Ledger.spend(ledger, planned(0.2), "x")
      const { receipt } = yield* Ledger.spend(ledger, planned(0.4), "y")
      const { spentEpsilon } = yield* Ledger.status(ledger)
      assert.deepStrictEqual(receipt, { entry: 2, budget, spentEpsilon })
    }),
  )

  live("belongs to other data, or to another relation", () =>
    Effect.gen(function* () {
      const ledger = yield* made
      const data = yield* failing(Ledger.spend({ ...ledger, dataset: "others" }, planned(1), "x"))
      assert.strictEqual(data._tag, "LedgerOfOther")
      assert.match(data.message, /for the data set "people", not "others"/)
      const relation = yield* failing(Ledger.spend(ledger, planned(1, "add-remove"), "x"))
      assert.match(relation.message, /for the neighbours "replace", not "add-remove"/)
    }),
  )

  live("cannot be written where there is no folder", () =>
    Effect.gen(function* () {
      const error = yield* failing(
        Ledger.create(
          { path: "/proc/nowhere/ledger", dataset: "x" },
          { neighbours: "replace", budget },
        ),
      )
      assert.strictEqual(error._tag, "LedgerUnusable")
    }),
  )
})
