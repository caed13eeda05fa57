/** Names of strangers that would steer a terminal, and tables that are too wide. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { harmless } from "../src/cli/ControlCharacters.ts"
import * as TextTable from "../src/cli/TextTable.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { flags } from "./support/Releases.ts"

/** Sets the title of a window, rings its bell, clears its screen in one byte, and turns the direction of text. */
const bad = "\u001B]0;x\u0007\u009B2J\u202E"

/** Two classes and a number a row, under the worst names; a folder with such a name besides. */
const table = (): string => {
  const folder = join(temporary(), bad)
  mkdirSync(folder)
  const rows = Array.from({ length: 40 }, (_, i) => `${i / 10},${i % 7},${i % 2 === 0 ? bad : "b"}`)
  const file = join(folder, "table.csv")
  writeFileSync(file, [`a${bad},b${bad},c${bad}`, ...rows].join("\n"))
  return file
}

const steers = /[^\P{Cc}\t\n]|\p{Bidi_Control}/u

describe("a name of a stranger", () => {
  it("is shown without what would steer a terminal", () => {
    assert.strictEqual(harmless(bad), "\\u001b]0;x\\u0007\\u009b2J\\u202e")
    assert.strictEqual(harmless("é\t\n😀"), "é\t\n😀")
    assert.strictEqual(TextTable.render(["a"], [["b\nc"]]), "a\nb\\nc")
  })

  it.live("reaches no terminal as it is, whatever the command", () =>
    Effect.gen(function* () {
      const file = table()
      const net = join(temporary(), "net.json")
      const target = ["--target", `c${bad}`]
      const train = ["train", file, ...target, "--hidden", "4", "--epochs", "20", "--save", net]
      const matrix = join(temporary(), "matrix.csv")
      writeFileSync(matrix, `x,a${bad},b\nr${bad},1,2\ns,3,\nt,5,6\n`)
      const game = join(temporary(), "game.csv")
      writeFileSync(game, `,a${bad},b\nr${bad},1,2\ns,3,0\n`)
      const commands = [
        train,
        [...train.slice(0, -2), "--json"],
        ["certify", net, file],
        ["predict", net, file],
        ["complete", matrix],
        ["diagnose", file],
        ["diagnose", file, "--step", `a${bad}`, "--loss", `b${bad}`],
        ["solve", game],
        ["release", file, ...flags, "--check"],
      ]
      let named = 0
      for (const args of commands) {
        const { progress, stderr, stdout } = yield* nonconvex([], args)
        const said = stdout + stderr + progress
        assert.isAbove(said.length, 0)
        assert.notMatch(said, steers, args.join(" "))
        if (said.includes("\\u001b]0;x\\u0007")) named++
      }
      // most of them do name it
      assert.isAtLeast(named, 7)
    }),
  )
})

describe("a table of very many columns", () => {
  const wide = (columns: number): string => {
    const file = join(temporary(), "wide.csv")
    const names = Array.from({ length: columns }, (_, j) => `c${j}`)
    const row = (k: number) => names.map((_, j) => (j % 5) + k).join()
    writeFileSync(file, [names.join(), ...[1, 2, 3, 4, 5].map(row)].join("\n"))
    return file
  }

  it.live("is refused by a training whose network would be too large, with what to do", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* nonconvex(
        [],
        ["train", wide(2001), "--target", "c3", "--hidden", "4000"],
      )
      assert.strictEqual(code, 1)
      assert.match(
        stderr,
        /^nonconvex: wide: a network of widths 2000,4000,1 has 8008001 parameters; the limit of train is 7500000; drop columns with --ignore/,
      )
    }),
  )

  it.live("is refused by release --check as by release", () =>
    Effect.gen(function* () {
      const file = wide(8193)
      for (const more of [["--check"], ["--create-ledger"]]) {
        const { code, stderr } = yield* nonconvex([], ["release", file, ...flags, ...more])
        assert.strictEqual(code, 1)
        assert.match(
          stderr,
          /a release has at most 8192 columns; omit the others with --ignore \(got columns = 8193\)$/,
        )
      }
    }),
  )

  it("is printed, however many its lines are", () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => [String(i)])
    assert.strictEqual(TextTable.render(["n"], rows).split("\n").length, 200_001)
  })
})
