/** A wide release, ended before it is paid for. */
import { assert, describe, it } from "@effect/vitest"
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { temporary } from "./support/Folders.ts"
import { errors, start } from "./support/Process.ts"
import { flags } from "./support/Releases.ts"

/** Milliseconds that nobody would wait; it is 2 s that it should take, on a machine that is not busy. */
const patience = 20_000

/** Columns for whose noise a processor needs several seconds. */
const columns = 4000

describe("release", () => {
  it.each<[NodeJS.Signals, number]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])(
    "ends at %s while it draws, and has spent nothing",
    { timeout: 120_000 },
    async (signal, code) => {
      const folder = temporary()
      const names = Array.from({ length: columns }, (_, j) => `c${j}`)
      const row = names.map((_, j) => (j === 0 ? 1 : 0))
      writeFileSync(join(folder, "wide.csv"), `${names.join()}\n${row.join()}\n`)
      const save = ["--create-ledger", "--save", "released.json"]
      const { child, ended } = start("toy", ["release", "wide.csv", ...flags, ...save], folder)
      try {
        let told = ""
        child.stderr!.on("data", (text: string) => (told += text))
        // once all is read it draws
        while (!told.includes("read [####################] 100 %") && child.exitCode === null) {
          await setTimeout(10)
        }
        child.kill(signal)
        const first = await Promise.race([ended, setTimeout(patience, undefined)])
        assert.deepStrictEqual([first?.code, first?.stdout], [code, ""])
        assert.deepStrictEqual(errors(first!.stderr), [])
        assert.deepStrictEqual(readdirSync(folder), ["wide.csv"])
      } finally {
        child.kill("SIGKILL")
      }
    },
  )
})
