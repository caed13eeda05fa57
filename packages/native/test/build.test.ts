/** The build command where it cannot build, and the packages that it writes. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import * as Platform from "../scripts/Platform.ts"
import * as Addon from "../src/internal/Addon.ts"

const build = (args: ReadonlyArray<string>, path?: string) => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "../scripts/build.ts"), ...args],
    { encoding: "utf8", env: { ...process.env, ...(path === undefined ? {} : { PATH: path }) } },
  )
  return { status, said: stderr + stdout }
}

describe("build-native", () => {
  it("exits with 2 where there is no cargo, and says where to get it", () => {
    const empty = mkdtempSync(join(tmpdir(), "nonconvex-native-"))
    try {
      const { said, status } = build([], empty)
      assert.strictEqual(status, 2)
      assert.match(said, /^no cargo was found\nInstall Rust 1\.\d+ or newer/)
    } finally {
      rmSync(empty, { recursive: true })
    }
  })

  it("exits with 1 and its usage on an unknown option, and with 0 where it is asked for", () => {
    const { said, status } = build(["--tarjet", "x"])
    assert.strictEqual(status, 1)
    assert.include(said, "usage: npm run build-native")
    const help = build(["--help"])
    assert.strictEqual(help.status, 0)
    assert.include(help.said, "x86_64-pc-windows-msvc")
  })
})

describe("the packages of the platforms", () => {
  const manifest = {
    version: "1.2.3",
    license: "MIT",
    repository: { type: "git" },
    publishConfig: { access: "public" },
  }

  it("are those that the module is looked for on", () => {
    const names = Object.keys(Platform.targets).map((target) => Platform.of(target)?.name)
    assert.sameMembers(names, [...Addon.platforms])
    assert.isUndefined(Platform.of("mips-unknown-none"))
  })

  it("are those that the release builds", () => {
    const workflow = join(import.meta.dirname, "../../../.github/workflows/native.yml")
    const built = [...readFileSync(workflow, "utf8").matchAll(/^ +target: (.+)$/gm)]
    assert.sameMembers(
      built.map(([, target]) => target),
      Object.keys(Platform.targets),
    )
  })

  it("hold one module, for one platform, and nothing that runs when they are installed", () => {
    for (const target of Object.keys(Platform.targets)) {
      const platform = Platform.of(target)!
      const written = JSON.parse(Platform.manifestOf(platform, manifest)) as Record<string, unknown>
      assert.strictEqual(written["name"], `@nonconvex/native-${platform.name}`)
      assert.deepStrictEqual(
        [written["version"], written["os"], written["cpu"], written["files"]],
        ["1.2.3", [platform.os], [platform.cpu], [written["main"]]],
      )
      assert.notProperty(written, "scripts")
      assert.notProperty(written, "dependencies")
      assert.include(Platform.readmeOf(platform), `@nonconvex/native-${platform.name}`)
    }
  })
})
