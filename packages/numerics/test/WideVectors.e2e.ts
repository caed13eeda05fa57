import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { enableWideVectors, type Vectors, vectors } from "@nonconvex/numerics/WideVectors"
import { afterAll, assert, beforeAll, describe, it } from "vitest"

const source = fileURLToPath(new URL("../src/WideVectors.ts", import.meta.url))

const program = (body: string) =>
  `const { enableWideVectors, vectors } = await import(${JSON.stringify(source)}); ${body}`

const tell = "process.stdout.write(JSON.stringify(enableWideVectors()))"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wide-vectors-"))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a program of its own says, which remembers in `cache`. */
const ask = (cache: string, environment: NodeJS.ProcessEnv = {}, body = tell): Vectors => {
  const { stderr, stdout } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", program(body)],
    { encoding: "utf8", env: { ...process.env, XDG_CACHE_HOME: cache, ...environment } },
  )
  assert.strictEqual(stderr, "")
  return JSON.parse(stdout) as Vectors
}

const fileOf = (cache: string) => join(cache, "nonconvex", "wide-vectors.json")

/** Whether this engine and machine have anything to check. */
const checks = () => enableWideVectors().bits === 256

describe("wide vectors", () => {
  it("are asked for once, and answered alike from then on", () => {
    assert.deepStrictEqual(vectors(), enableWideVectors())
  })

  it("are checked, and the answer is remembered", () => {
    const cache = join(folder, "fresh")
    const answer = ask(cache)
    assert.deepStrictEqual(answer, enableWideVectors())
    if (!checks()) return
    const verdicts = JSON.parse(readFileSync(fileOf(cache), "utf8")) as Record<string, boolean>
    assert.deepStrictEqual(Object.values(verdicts), [true])
    assert.include(Object.keys(verdicts)[0], process.versions.v8)
  })

  it("are left out where the check failed before", () => {
    if (!checks()) return
    const cache = join(folder, "failed")
    ask(cache)
    const refused = readFileSync(fileOf(cache), "utf8").replace("true", "false")
    writeFileSync(fileOf(cache), refused)
    const reason = "they do not give the bits of the plain loops"
    assert.deepStrictEqual(ask(cache), { bits: 128, reason })
    assert.strictEqual(readFileSync(fileOf(cache), "utf8"), refused)
  })

  it("check again where the file says nothing of use", () => {
    const cache = join(folder, "cut short")
    mkdirSync(join(cache, "nonconvex"), { recursive: true })
    writeFileSync(fileOf(cache), '{ "13.6": tr')
    assert.deepStrictEqual(ask(cache), enableWideVectors())
    if (!checks()) return
    assert.deepStrictEqual(Object.values(JSON.parse(readFileSync(fileOf(cache), "utf8"))), [true])
  })

  it("stay out where what a check finds cannot be kept: each start would take its time", () => {
    const cache = join(folder, "file")
    writeFileSync(cache, "")
    const { bits } = enableWideVectors()
    const found = ask(cache)
    assert.strictEqual(found.bits, 128)
    // where nothing would be checked, that is what is said
    if (bits === 256) assert.match(JSON.stringify(found), /could not be kept/)
  })

  it("stay out where the program does not ask, or is told not to", () => {
    const reason = "NONCONVEX_VECTORS asks for 128 bits"
    const cache = join(folder, "none")
    assert.deepStrictEqual(ask(cache, { NONCONVEX_VECTORS: "128" }), { bits: 128, reason })
    const unasked = "the program did not ask for them"
    const silent = ask(cache, {}, "process.stdout.write(JSON.stringify(vectors()))")
    assert.deepStrictEqual(silent, { bits: 128, reason: unasked })
  })
})
