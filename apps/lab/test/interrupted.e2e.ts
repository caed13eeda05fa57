/** Commands that a process is told to end in the middle of their work. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { once } from "node:events"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { temporary } from "./support/Folders.ts"
import { errors, start } from "./support/Process.ts"
import { file } from "./support/Solving.ts"

describe("solve --exact", () => {
  it("ends at Ctrl-C with 130, and leaves no file", { timeout: 120_000 }, async () => {
    const folder = temporary()
    const stream = RandomStream.make(Seed.root(1).child("payoffs"))
    const row = () => Array.from({ length: 600 }, () => stream.uniform()).join(",")
    const path = file(Array.from({ length: 600 }, row).join("\n"))
    const save = ["--save", join(folder, "strategies.csv")]
    const { child, ended } = start("toy", ["solve", path, "--exact", ...save])
    await once(child.stderr!, "data")
    await setTimeout(500)
    child.kill("SIGINT")
    const { code, stderr, stdout } = await ended
    // a busy machine shows that it has begun
    const wrong = errors(stderr).filter((line) => !line.startsWith("solve 0 steps"))
    assert.deepStrictEqual([code, stdout, wrong], [130, "", []])
    assert.deepStrictEqual(readdirSync(folder), [])
  })
})

describe("audit", () => {
  it("ends at Ctrl-C, long before its work would, with 130 and nothing printed", async () => {
    const { child, ended } = start("toy", [
      "audit",
      "--epsilon",
      "1",
      "--neighbours",
      "replace",
      "--samples",
      "50000000",
    ])
    // it has begun when it says how far it is
    await once(child.stderr!, "data")
    child.kill("SIGINT")
    const { code, stderr, stdout } = await ended
    assert.strictEqual(code, 130)
    assert.strictEqual(stdout, "")
    assert.deepStrictEqual(errors(stderr), [])
  })
})
