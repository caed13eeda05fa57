/** The report of a reproduction, and the page drawn again from its data. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Results from "../src/evidence/report/Results.ts"
import { system as breaking } from "./fixtures/breaking.ts"
import { system as toy } from "./fixtures/toy.ts"
import { system as wrong } from "./fixtures/wrong.ts"
import { files, temporary } from "./support/Folders.ts"
import * as Unpacked from "./support/Unpacked.ts"
import { nonconvex } from "./support/InProcess.ts"

const smoke = (out: string, ...more: ReadonlyArray<string>) => [
  "reproduce",
  "--preset",
  "smoke",
  "--quiet",
  "--jobs",
  "1",
  "--out",
  out,
  ...more,
]

const read = (folder: string, name: string) => readFileSync(join(folder, name), "utf8")

describe("reproduce", () => {
  it.live("writes a page, its data and its figures, and ends with 0 where all is as stated", () =>
    Effect.gen(function* () {
      const out = temporary()
      const { code, stdout } = yield* nonconvex([toy], smoke(out))
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(stdout.split("\n"), [
        "3 statements: 2 held, 1 refuted (1 exactly)",
        "held: 2 lemmas of ours",
        "1 of 1 expectations of experiments hold, 1 control detected",
        `${out}/index.html`,
      ])
      assert.deepStrictEqual(files(out), [
        "figures/toy-dice-mean.svg",
        "index.html",
        "results.json",
      ])
      const { failures, provenance, systems } = yield* Results.decode(read(out, "results.json"))
      assert.deepStrictEqual(failures, [])
      assert.deepStrictEqual(
        [provenance.preset, provenance.runs, provenance.seed],
        ["smoke", 20, 1],
      )
      assert.strictEqual(provenance.packages["effect"], "4.1.0")
      assert.strictEqual(systems[0]?.experiments[0]?.rows.length, 20)
    }),
  )

  it.live("draws as many instances of each claim as are asked for", () =>
    Effect.gen(function* () {
      const out = temporary()
      yield* nonconvex([toy], smoke(out, "--runs", "3"))
      const { provenance, systems } = yield* Results.decode(read(out, "results.json"))
      assert.strictEqual(provenance.runs, 3)
      const runs = systems[0]?.verdicts.flatMap((each) => (each._tag === "Held" ? each.runs : []))
      assert.deepStrictEqual(runs, [3, 3])
    }),
  )

  it.live("makes a page that asks for nothing from elsewhere and escapes what it shows", () =>
    Effect.gen(function* () {
      const out = temporary()
      yield* nonconvex([toy], smoke(out))
      const page = read(out, "index.html")
      const inside = Unpacked.markup(page)
      const all = [page, ...Object.values(inside)].join("\n")
      assert.notMatch(all, /<script[^>]*\bsrc=|<(?:link|img|iframe|object|embed)\b/)
      assert.notMatch(all, /@import|url\((?!#)/)
      for (const [, address] of all.matchAll(/\bsrc="([^"]*)"/g)) assert.match(address!, /^#/)
      // a link to a paper or to the code is followed by a reader alone
      for (const [, address] of all.matchAll(/\bhref="([^"]*)"/g)) {
        assert.match(address!, /^(?:#|https:\/\/(?:arxiv\.org|doi\.org|github\.com)\/)/)
      }
      // the page makes markup of statements itself, and of nothing else that is text
      const { entries } = Unpacked.index(page)
      const texts = JSON.stringify(entries)
      assert.include(texts, "A digit `d` is at most nine & not <less> than zero.")
      assert.notInclude(all, "<less>")
      assert.include(all, "base sixteen")
      assert.include(all, "Nine is a digit.")
      assert.match(all, /nonconvex replay toy\/at-most-eight@-?\d+:/)
      const { columns } = Unpacked.parts(page).get("toy/dice")!
      assert.deepStrictEqual(Object.keys(columns!), ["roll", "mean", "dice"])
      const { dice } = columns!
      assert.isTrue(Array.isArray(dice) && dice[0] === 'fair, "square"')
    }),
  )

  it.live("ends with 2 where a claim fails and lists what is not as stated, and runs on", () =>
    Effect.gen(function* () {
      const out = temporary()
      const { code, stderr } = yield* nonconvex([toy, wrong], smoke(out))
      assert.strictEqual(code, 2)
      assert.match(
        stderr,
        /^nonconvex: 4 of 7 statements do not have the expected verdict: wrong\//,
      )
      const { failures, systems } = yield* Results.decode(read(out, "results.json"))
      assert.deepStrictEqual(failures, [
        {
          system: "wrong",
          experiment: "wrong/failing",
          reason: "the dice fell off the table",
        },
      ])
      assert.deepStrictEqual(
        systems.flatMap(({ experiments }) => experiments.map(({ id }) => id)),
        ["toy/dice", "wrong/disappointing", "wrong/undrawable"],
      )
      const written = read(out, "index.html")
      const page = [written, ...Object.values(Unpacked.markup(written))].join("\n")
      for (const text of ["the number of suns", "the dice fell off the table", "cannot be drawn"]) {
        assert.include(page, text)
      }
    }),
  )

  it.live("goes on where a thread breaks while it verifies, and ends with 3", () =>
    Effect.gen(function* () {
      const out = temporary()
      const { code, stderr } = yield* nonconvex([toy, breaking], smoke(out))
      assert.strictEqual(code, 3)
      assert.strictEqual(stderr, "nonconvex: breaking/exits failed: its thread ended with code 7")
      const { failures, systems } = yield* Results.decode(read(out, "results.json"))
      assert.deepStrictEqual(
        failures.map(({ experiment }) => experiment),
        ["breaking/exits"],
      )
      assert.deepStrictEqual(
        systems.map(({ verdicts }) => verdicts.length),
        [3, 0],
      )
    }),
  )

  it.live("ends with 3 where only runs fail", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* nonconvex(
        [{ ...wrong, claims: [], errata: [] }],
        smoke(temporary()),
      )
      assert.strictEqual(code, 3)
      assert.include(stderr, "wrong/failing failed: the dice fell off the table")
      assert.include(stderr, "the number of suns (observed 1, expected at least 2)")
      assert.include(stderr, "figure wrong-undrawable-none cannot be drawn")
    }),
  )
})

describe("report", () => {
  it.live("draws the same page again from the data", () =>
    Effect.gen(function* () {
      const out = temporary()
      const again = temporary()
      yield* nonconvex([toy], smoke(out))
      const from = join(out, "results.json")
      const { code } = yield* nonconvex([], ["report", "--from", from, "--out", again])
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(files(again), files(out))
      for (const name of files(out)) assert.strictEqual(read(again, name), read(out, name))
    }),
  )

  it.live("refuses what are no results", () =>
    Effect.gen(function* () {
      const out = temporary()
      const missing = yield* nonconvex([], ["report", "--from", join(out, "none.json")])
      assert.strictEqual(missing.code, 1)
      assert.strictEqual(
        missing.stderr,
        `nonconvex: ${join(out, "none.json")}: no such file; nonconvex reproduce writes it`,
      )
      writeFileSync(join(out, "bad.json"), '{"format":7}')
      const bad = yield* nonconvex([], ["report", "--from", join(out, "bad.json")])
      assert.strictEqual(bad.code, 1)
      assert.match(bad.stderr, /bad.json: holds no results of this version/)
    }),
  )
})

describe("run --out", () => {
  it.live("writes the result, its rows and its figures", () =>
    Effect.gen(function* () {
      const out = join(temporary(), "new")
      const args = ["run", "dice", "--preset", "smoke", "--quiet", "--out", out]
      assert.strictEqual((yield* nonconvex([toy], args)).code, 0)
      assert.deepStrictEqual(files(out), ["figures/toy-dice-mean.svg", "result.json", "rows.csv"])
      assert.strictEqual(read(out, "rows.csv").split("\r\n").length, 22)
    }),
  )
})
