import type { Snapshot } from "@nonconvex/problems/Snapshot"
import { execFileSync } from "node:child_process"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"
import { rowsOf, smoke, type Work } from "../../support/Resumed.ts"

/** The rows of a case, and every snapshot that it leaves. */
const straight = (index: number) => {
  const snapshots: Array<Snapshot> = []
  const rows = rowsOf(index, { onSnapshot: (write) => snapshots.push(write()) })
  return { index, rows, snapshots }
}

it("goes on in a new process from every snapshot of its smallest preset to the bit", () => {
  const cases = Array.from({ length: smoke.count }, (_, index) => straight(index))
  // the least nuclear norm is found at once
  assert.deepStrictEqual(
    cases.map(({ snapshots }) => snapshots.length > 1),
    [false, true, true],
  )
  const work: ReadonlyArray<Work> = cases.map(({ index, snapshots }) => ({ index, snapshots }))
  const answer = execFileSync(
    process.execPath,
    ["--conditions=source", fileURLToPath(new URL("../../support/Resumed.ts", import.meta.url))],
    { encoding: "utf8", input: JSON.stringify(work), maxBuffer: 2 ** 30 },
  )
  const text = JSON.stringify(cases.map(({ rows, snapshots }) => snapshots.map(() => rows)))
  assert.strictEqual(answer, text)
}, 60_000)
