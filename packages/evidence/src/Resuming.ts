/** Resumption of rows that take hours: their state is saved at intervals, and they continue from the saved one. */
import * as Snapshot from "@nonconvex/problems/Snapshot"

/** Access of a row to its saved state, and to saving. */
export interface Resuming {
  /**
   * Reads the state of an earlier attempt at this row into the fresh `state`, which is unchanged if there is none. States
   * are those of `@nonconvex/problems/Snapshot`.
   */
  readonly resume: (state: object) => void
  /**
   * Saves `state` for a later attempt. Call it whenever the state is consistent; it is written only if enough time has
   * passed since the last write.
   */
  readonly snapshot: (state: object) => void
}

/** State saved by an earlier attempt at a row, and the destination of new states. */
export interface Keeping {
  readonly from?: Snapshot.Snapshot | undefined
  /** Decides whether the state is worth writing down now, and does so by calling `write`. */
  readonly onSnapshot: (write: () => Snapshot.Snapshot) => void
}

/** Always starts from the beginning, and saves nothing. */
export const never: Keeping = {
  onSnapshot: () => {
    // a row that leaves a state does not wait for it to be written
  },
}
