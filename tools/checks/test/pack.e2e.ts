/** `npm run pack`: what it packs is installed by the command that it prints, in a folder with nothing else, and runs there. */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"

const root = join(import.meta.dirname, "../../..")
const pack = (...asked: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [join(root, "tools/checks/src/pack.ts"), ...asked], {
    encoding: "utf8",
  })

const program = `
import { sam } from "@nonconvex/optim-sam"
import { train } from "@nonconvex/optim-sam/operations"
console.log(typeof sam, typeof train)
`

describe("npm run pack", () => {
  it("makes packages that install and run elsewhere", { timeout: 300_000 }, () => {
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-b", "packages/optim-sam"], { cwd: root })
    const { status, stdout } = pack("optim-sam")
    assert.strictEqual(status, 0)
    const [name, command] = stdout.split("\n  ")
    assert.strictEqual(name, "@nonconvex/optim-sam:")
    const folder = mkdtempSync(join(tmpdir(), "packed-"))
    try {
      const [npm, ...args] = command!.trim().split(" ")
      execFileSync(npm!, [...args, "--prefer-offline", "--no-audit", "--no-fund"], {
        cwd: folder,
        stdio: "ignore",
      })
      const run = ["--input-type=module", "--eval", program]
      const shown = execFileSync(process.execPath, run, { cwd: folder, encoding: "utf8" })
      assert.strictEqual(shown.trim(), "function function")
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it("ends with 1 and the choice where nobody publishes the package", () => {
    const { status, stderr, stdout } = pack("nothing")
    assert.deepStrictEqual([status, stdout], [1, ""])
    assert.match(stderr, /^no package @nonconvex\/nothing; choose among .*optim-sam.*\n$/)
  })
})
