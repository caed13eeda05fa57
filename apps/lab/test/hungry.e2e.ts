/** Work that takes all that there is, and what ends it: the signal of a user, and its limits. */
import { assert, describe, it } from "@effect/vitest"
import type { ChildProcess } from "node:child_process"
import process from "node:process"
import { setTimeout } from "node:timers/promises"
import { Worker } from "node:worker_threads"
import { hasComputed, start } from "./support/Process.ts"

/** Milliseconds that nobody would wait; it is 2 s that it should take, on a machine that is not busy. */
const patience = 20_000

/** Three cases that end, and one that takes. */
const hungry = (what: string) =>
  start("hungry", [
    "run",
    "hungry/experiment",
    "--set",
    `what=${what}`,
    "--jobs",
    "2",
    "--no-store",
  ])

/** Waits until a child says that three of its cases have ended: the one that takes is under way. */
const hasBegun = async (child: ChildProcess): Promise<void> => {
  let told = ""
  child.stderr?.on("data", (text: string) => (told += text))
  while (!told.includes("3/4 cases") && child.exitCode === null) await setTimeout(50)
}

describe("a job without end", () => {
  it.each([
    ["objects", "SIGINT", 4],
    ["arrays", "SIGTERM", 4],
    // of these each second is as the one before
    ["text", "SIGINT", 0],
    ["kernel", "SIGTERM", 0],
    ["library", "SIGINT", 0],
    ["library", "SIGTERM", 0],
  ] as const)("of %s ends at %s", { timeout: 120_000 }, async (what, signal, seconds) => {
    const { child, ended } = hungry(what)
    try {
      // then it is deep in what it takes
      await (seconds === 0 ? hasBegun(child) : hasComputed(child, seconds))
      child.kill(signal)
      const first = await Promise.race([ended, setTimeout(patience, "still there")])
      assert.notStrictEqual(first, "still there")
      assert.strictEqual((await ended).code, signal === "SIGINT" ? 130 : 143)
    } finally {
      child.kill("SIGKILL")
    }
  })

  // an engine that does not report the memory of other threads aborts at its own limit
  it.skipIf(!("getHeapStatistics" in Worker.prototype))(
    "of objects ends at its limit with one line, and not the program",
    { timeout: 240_000 },
    async () => {
      const { child, ended } = hungry("objects")
      try {
        let told = ""
        child.stderr?.on("data", (text: string) => (told += text))
        const { code } = await ended
        assert.strictEqual(code, 3, told)
        assert.match(
          told,
          /^nonconvex: hungry\/experiment failed: its thread held more than \d+ MB$/m,
        )
        // the cases of the other thread were computed
        assert.include(told, "3/4 cases")
      } finally {
        child.kill("SIGKILL")
      }
    },
  )

  it.skipIf(process.platform === "win32")(
    "lets the others end that wait for the same threads",
    { timeout: 120_000 },
    async () => {
      const { child, ended } = hungry("library")
      try {
        await hasBegun(child)
        assert.isNull(child.exitCode)
      } finally {
        child.kill("SIGKILL")
        await ended
      }
    },
  )
})
