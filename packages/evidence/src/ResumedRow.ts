/** Rows that begin from a saved state. */
import * as Snapshot from "@nonconvex/problems/Snapshot"
import type { Keeping, Resuming } from "./Resuming.ts"

const resuming = ({ from, onSnapshot }: Keeping): Resuming => ({
  resume: (state) => {
    if (from !== undefined) Snapshot.read(from, state)
  },
  snapshot: (state) => onSnapshot(() => Snapshot.write(state)),
})

/**
 * Runs a row from the saved state, or from the beginning where that does not fit.
 *
 * @internal
 */
export const resumeOrRestart = <A>(keeping: Keeping, row: (resuming: Resuming) => A): A => {
  try {
    return row(resuming(keeping))
  } catch (thrown) {
    if (keeping.from === undefined || !(thrown instanceof Snapshot.SnapshotMismatch)) throw thrown
    return row(resuming({ ...keeping, from: undefined }))
  }
}
