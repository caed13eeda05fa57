/** `npm run fuzz` finds readers that break, hang or take memory without end, and keeps their inputs. */
import { assert, describe, it } from "vitest"
import { spawnSync } from "node:child_process"
import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"

const root = join(import.meta.dirname, "../../..")

const fuzz = (...args: ReadonlyArray<string>) =>
  spawnSync(process.execPath, ["tools/testing/src/fuzz.ts", ...args], {
    cwd: root,
    encoding: "utf8",
  })

describe("npm run fuzz", () => {
  it.each([
    ["breaks", /^breaks: input 0: .*TypeError/m],
    ["hangs", /^hangs: took more than 8 s$/m],
    ...(process.platform === "linux"
      ? [["hoards", /^hoards: took more than 2 GiB$/m] as const]
      : []),
  ] as const)("finds a reader that %s", (name, finding) => {
    const { status, stderr, stdout } = fuzz(name, "--minutes=0.02", "--seed=7", "--patience=8")
    assert.match(stderr, finding)
    assert.match(stdout, /^inputs: 0; readers to the end: 0; findings: 1$/m)
    assert.strictEqual(status, 1)
    const kept = join(root, `.reports/fuzz/${name}-7`)
    assert.notStrictEqual(readFileSync(kept, "utf8"), "whole")
    rmSync(kept)
  })

  it("finds nothing in a reader that is right, and names the readers for a wrong name", () => {
    const right = fuzz("Seeds", "--minutes=0.02", "--seed=7")
    assert.match(right.stdout, /^inputs: [1-9]\d*; readers to the end: 1; findings: 0$/m)
    assert.strictEqual(right.status, 0, right.stderr)
    const unknown = fuzz("nothing", "--minutes=0.02")
    assert.match(unknown.stderr, /^no reader is called nothing; the readers are .*Npy\.read/m)
    assert.strictEqual(unknown.status, 1)
    assert.strictEqual(fuzz("--minutes=x", "all").status, 2)
  })
})
