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
    const { reason, ...rest } = JSON.parse(stdout) as { readonly reason: string }
    // with code 0 where it was ended before it had begun, which happens on a machine that is busy
    assert.match(reason, /: its thread ended with code [01]$/)
    assert.deepStrictEqual(rest, {
      memory:
        "numbers/hoards failed: Worker terminated due to reaching memory limit: JS heap out of memory",
      tags: ["Held", "Falsified"],
    })
  })
})
