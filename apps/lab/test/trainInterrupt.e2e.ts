/** Ctrl-C during a training, a job on another thread. */
import { assert, describe, it } from "@effect/vitest"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { temporary } from "./support/Folders.ts"
import { errors, start } from "./support/Process.ts"

/** When a child has said so on standard error. */
const told = async ({ stderr }: ChildProcess, words: RegExp): Promise<void> => {
  let text = ""
  while (!words.test(text)) {
    // oxlint-disable-next-line no-await-in-loop -- piece after piece
    const [piece] = (await once(stderr!, "data")) as [string]
    text += piece
  }
}

describe("train", () => {
  it.concurrent.for([
    { flags: [] },
    { flags: ["--method", "plain"] },
    { flags: ["--method", "sam", "--advise"] },
  ])(
    "ends at Ctrl-C with 130, and leaves the files as they were $flags",
    { timeout: 120_000 },
    async ({ flags }, { onTestFinished }) => {
      const folder = temporary(onTestFinished)
      const save = join(folder, "net.json")
      writeFileSync(save, "as it was")
      const outputs = ["--save", save, "--figure", join(folder, "deep/training.svg")]
      const long = ["--epochs", "100000", ...outputs, ...flags]
      const { child, ended } = start("toy", ["train", "digits", ...long])
      // what reads the data before keeps the thread to itself, and ends otherwise
      await told(child, /^\w+ \[/m)
      await setTimeout(500)
      child.kill("SIGINT")
      const { code, stderr, stdout } = await ended
      assert.deepStrictEqual([code, stdout, errors(stderr)], [130, "", []])
      assert.deepStrictEqual(readdirSync(folder), ["net.json"])
      assert.strictEqual(readFileSync(save, "utf8"), "as it was")
    },
  )
})
