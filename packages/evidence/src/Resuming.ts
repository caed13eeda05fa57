/** Resumption of a row that takes hours: it saves its state from time to time, and begins from the saved one. */
import * as Snapshot from "@nonconvex/problems/Snapshot"

/** Access of a row to its saved state, and to saving. */
export interface Resuming {
  /**
   * Reads the state of an earlier attempt at this row into the fresh `state`, which stays as it is without one. States are those of
   * `@nonconvex/problems/Snapshot`.
   */
  readonly resume: (state: object) => void
  /**
   * Leaves `state` for a later attempt. To be called wherever the state is whole: it is written down only when enough time has passed
   * since it was last.
   */
  readonly snapshot: (state: object) => void
}

/** State saved by an earlier attempt at a row, and the destination of new states. */
export interface Keeping {
  readonly from?: Snapshot.Snapshot | undefined
  /** Decides whether the state is worth writing down now, and does so by calling `write`. */
  readonly onSnapshot: (write: () => Snapshot.Snapshot) => void
}

/** Begins from nothing, and leaves nothing. */
export const never: Keeping = {
  onSnapshot: () => {
    // a row that leaves a state does not wait for it to be written
  },
}
