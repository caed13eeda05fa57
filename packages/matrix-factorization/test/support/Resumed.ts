/**
 * Program that resumes cases of an experiment from snapshots: `node Resumed.ts <file>` reads them from the file and writes the
 * rows.
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import type { Snapshot } from "@nonconvex/problems/Snapshot"
import type { Keeping } from "@nonconvex/evidence/Resuming"
import type { Row } from "@nonconvex/evidence/Experiment"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import process from "node:process"
import { peerProtocol } from "../../src/evidence/experiments/PeerProtocol.ts"
import { data } from "./capabilities.ts"

export const smoke = peerProtocol.configure(peerProtocol.preset("smoke"))

/** Rows of a case, from its stored snapshots. */
export const rowsOf = (index: number, keeping: Keeping): ReadonlyArray<Row> =>
  Effect.runSync(smoke.rowsOf(index, 1, { kernels: Kernels.strict() }, data, keeping))

/** A case with snapshots to resume from. */
export interface Work {
  readonly index: number
  readonly snapshots: ReadonlyArray<Snapshot>
}

const onSnapshot = () => {
  // nobody goes on from these
}

if (import.meta.main) {
  const all = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as ReadonlyArray<Work>
  const rows = all.map(({ index, snapshots }) =>
    snapshots.map((from) => rowsOf(index, { from, onSnapshot })),
  )
  process.stdout.write(JSON.stringify(rows))
}
