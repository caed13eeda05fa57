/** Several programs on one file, and programs that are killed. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { createInterface } from "node:readline"
import { Runs } from "../src/index.ts"
import { storedBy, valueOf } from "./support/Numbers.ts"
import { scratchFile } from "./support/Scratch.ts"

const program = join(import.meta.dirname, "fixtures/keeps.ts")

interface Ended {
  readonly code: number | null
  /** What it said was kept. */
  readonly kept: ReadonlyArray<string>
}

/** Runs the program, and kills it once it has said so often that a part is kept. */
const keeping = (
  file: string,
  host: string,
  { killAfter = Infinity, parts, runs }: { runs: number; parts: number; killAfter?: number },
): Promise<Ended> =>
  new Promise((resolve) => {
    const args = ["--conditions=source", program, file, host, String(runs), String(parts)]
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })
    const kept: Array<string> = []
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (kept.push(line) === killAfter) child.kill("SIGKILL")
    })
    child.on("close", (code) => resolve({ code, kept }))
  })

const isSound = (file: string): unknown => {
  const database = new DatabaseSync(file)
  const found = database.prepare("PRAGMA integrity_check").all()
  database.close()
  return found.map((row) => ({ ...row }))
}
const sound = [{ integrity_check: "ok" }]

/** The parts in a file, as the program names them, with what each says. */
const partsIn = (file: string) =>
  Effect.gen(function* () {
    const runs = yield* Runs
    const list = yield* runs.list()
    const found = new Map<string, unknown>()
    for (const { id, key } of list) {
      for (const [place, part] of yield* runs.partsOf(id)) {
        const name = `${key.subject.replace("numbers/", "")} ${place}`
        found.set(name, part._tag === "Rows" ? part.rows[0]?.["value"] : part)
      }
    }
    return { list, found, differences: yield* runs.differences() }
    // as the commands that look at runs do, also behind a program that was killed
  }).pipe(Effect.provide(storedBy(file, { readOnly: true })), Effect.runPromise)

const all = (runs: number, parts: number) =>
  new Map(
    Array.from({ length: runs * parts }, (_, k) => {
      const [index, place] = [Math.floor(k / parts), k % parts]
      return [`${index} ${place}`, valueOf(index, place)]
    }),
  )

describe("several programs", () => {
  it("that keep the same runs in one file at once keep each part once", async () => {
    const file = scratchFile()
    const size = { runs: 30, parts: 8 }
    const ended = await Promise.all(
      ["one", "two", "three"].map((host) => keeping(file, host, size)),
    )
    assert.deepStrictEqual(
      ended.map(({ code }) => code),
      [0, 0, 0],
    )
    assert.deepStrictEqual(isSound(file), sound)
    const { differences, found, list } = await partsIn(file)
    assert.deepStrictEqual(found, all(30, 8))
    assert.isTrue(list.every(({ kept, status }) => kept === 8 && status === "done"))
    assert.deepStrictEqual(differences, [])
  })
})

describe("a program that is killed", () => {
  it(
    "leaves all that it said was kept, and the next goes on from there",
    { timeout: 180_000 },
    async () => {
      const file = scratchFile()
      const size = { runs: 40, parts: 8 }
      const acknowledged = new Set<string>()
      for (const killAfter of [1, 2, 10, 40, 80]) {
        const { code, kept } = await keeping(file, "killed", { ...size, killAfter })
        assert.strictEqual(code, null)
        for (const part of kept) {
          assert.isFalse(acknowledged.has(part), `${part} was computed again`)
          acknowledged.add(part)
        }
        assert.deepStrictEqual(isSound(file), sound)
        const { found } = await partsIn(file)
        assert.deepStrictEqual(
          [...acknowledged].filter((part) => !found.has(part)),
          [],
        )
      }
      const { code } = await keeping(file, "last", size)
      assert.strictEqual(code, 0)
      const { differences, found, list } = await partsIn(file)
      assert.deepStrictEqual(found, all(40, 8))
      assert.isTrue(list.every(({ status }) => status === "done"))
      assert.deepStrictEqual(differences, [])
    },
  )
})

it("a Node without SQLite loads all but the file, and says what to do", () => {
  const args = [
    "--no-experimental-sqlite",
    "--conditions=source",
    program,
    "runs.sqlite",
    "",
    "1",
    "1",
  ]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" })
  assert.strictEqual(status, 1)
  assert.include(
    stderr,
    `NoSqlite: Node ${process.versions.node} has no SQLite; use Node 22.13 or newer to save runs`,
  )
})
