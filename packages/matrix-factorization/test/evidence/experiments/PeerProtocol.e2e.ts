import type { Snapshot } from "@nonconvex/problems/Snapshot"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { assert, it, onTestFinished } from "vitest"
import { rowsOf, smoke, type Work } from "../../support/Resumed.ts"

/** Rows of a case, and every snapshot of its computation. */
const straight = (index: number) => {
  const snapshots: Array<Snapshot> = []
  const rows = rowsOf(index, { onSnapshot: (write) => snapshots.push(write()) })
  return { index, rows, snapshots }
}

it("goes on in a new process from every snapshot of its smallest preset bit for bit", () => {
  const cases = Array.from({ length: smoke.count }, (_, index) => straight(index))
  // the least nuclear norm is found at once
  assert.deepStrictEqual(
    cases.map(({ snapshots }) => snapshots.length > 1),
    [false, true, true, true],
  )
  const work: ReadonlyArray<Work> = cases.map(({ index, snapshots }) => ({ index, snapshots }))
  const folder = mkdtempSync(join(tmpdir(), "nonconvex-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  // a file, not a pipe: writing to a process that has ended would say EPIPE, and not by what it ended
  const file = join(folder, "work.json")
  writeFileSync(file, JSON.stringify(work))
  const program = fileURLToPath(new URL("../../support/Resumed.ts", import.meta.url))
  const { signal, status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--conditions=source", program, file],
    { encoding: "utf8", maxBuffer: 2 ** 30 },
  )
  assert.deepStrictEqual({ signal, status, stderr }, { signal: null, status: 0, stderr: "" })
  const text = JSON.stringify(cases.map(({ rows, snapshots }) => snapshots.map(() => rows)))
  assert.strictEqual(stdout, text)
})
