/** Work that takes all that there is, and what ends it: the signal of a user, and its limits. */
import { assert, describe, it } from "@effect/vitest"
import process from "node:process"
import { setTimeout } from "node:timers/promises"
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

describe("a job without end", () => {
  it.each([
    ["objects", "SIGINT"],
    ["arrays", "SIGTERM"],
    ["text", "SIGINT"],
    ["kernel", "SIGTERM"],
    ["library", "SIGINT"],
    ["library", "SIGTERM"],
  ] as const)("of %s ends at %s", { timeout: 120_000 }, async (what, signal) => {
    const { child, ended } = hungry(what)
    try {
      // then it is deep in what it takes
      await hasComputed(child, 4)
      child.kill(signal)
      const first = await Promise.race([ended, setTimeout(patience, "still there")])
      assert.notStrictEqual(first, "still there")
      // a shell says 130 of both
      assert.include([130, null], child.exitCode)
      assert.include(["SIGINT", null], child.signalCode)
      assert.isNotNull(child.exitCode ?? child.signalCode)
    } finally {
      child.kill("SIGKILL")
    }
  })

  it.skipIf(process.platform === "win32")(
    "lets the others end that wait for the same threads",
    { timeout: 120_000 },
    async () => {
      const { child, ended } = hungry("library")
      let told = ""
      child.stderr?.on("data", (text: string) => (told += text))
      try {
        while (!told.includes("3/4 cases") && child.exitCode === null) await setTimeout(50)
        assert.isNull(child.exitCode)
      } finally {
        child.kill("SIGKILL")
        await ended
      }
    },
  )
})
