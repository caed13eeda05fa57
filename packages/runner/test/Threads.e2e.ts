import { spawnSync } from "node:child_process"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"

describe("Threads", () => {
  it("leaves no thread behind, and survives one that ran out of memory", () => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [
        "--max-old-space-size=80",
        "--conditions=source",
        fileURLToPath(import.meta.resolve("./support/Pool.ts")),
      ],
      { encoding: "utf8", timeout: 50_000 },
    )
    assert.strictEqual(status, 0, stderr)
    const { memory, reason, tags } = JSON.parse(stdout) as {
      readonly memory: string
      readonly reason: string
      readonly tags: ReadonlyArray<string>
    }
    // with code 0 where it was ended before it had begun, which happens on a machine that is busy
    assert.match(reason, /: its thread ended with code [01]$/)
    assert.deepStrictEqual(tags, ["Held", "Falsified"])
    // by the engine, unless the watch looks in time: 80 MB are filled within its interval
    assert.match(
      memory,
      /^numbers\/hoards failed: (its thread held more than 60 MB|Worker terminated due to reaching memory limit: JS heap out of memory)$/,
    )
  })
})
