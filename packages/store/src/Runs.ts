import type { Row } from "@nonconvex/evidence/Experiment"
import { RunKey } from "@nonconvex/runner/RunKey"
import { Outcome, type Part, type StoreFailed } from "@nonconvex/runner/RunStore"
import { Context, type Effect, Schema } from "effect"
import type { Selection } from "./internal/Selection.ts"
import { AmbiguousRun, DamagedRun, UnknownRun } from "./RunError.ts"

export { isName } from "./RunError.ts"

/** Provenance of a part. */
export const Provenance = Schema.Struct({
  /** Absent where the code is not in a git repository. */
  commit: Schema.optionalKey(Schema.Struct({ hash: Schema.String, dirty: Schema.Boolean })),
  /** The name of the machine, its processor and its operating system. */
  host: Schema.String,
  cpu: Schema.String,
  /** Bits of the vectors that the compiled kernels may use; absent in earlier runs. */
  vectorBits: Schema.optionalKey(Schema.Literals([128, 256])),
  /**
   * Compiled kernels that were used, by version and vector width; only if relaxed ones were requested and the machine has
   * them.
   */
  compiledKernels: Schema.optionalKey(Schema.String),
  platform: Schema.String,
  node: Schema.String,
  /** Versions of the packages that compute. */
  packages: Schema.Record(Schema.String, Schema.String),
})

export type Provenance = typeof Provenance.Type

/** `unfinished`: some parts are missing, and the same command computes them. */
const Status = Schema.Literals(["unfinished", "done", "failed"])

/** Stored run, without its rows. */
export const KeptRun = Schema.Struct({
  /** SHA-256 of the key; any prefix that matches one run identifies it. */
  id: Schema.String,
  key: RunKey,
  /** Number of its parts, and of the stored ones. */
  parts: Schema.Int,
  kept: Schema.Int,
  status: Status,
  /** Absent while it is unfinished. */
  outcome: Schema.optionalKey(Outcome),
  /** Duration of all stored parts, without waiting. */
  seconds: Schema.Finite,
  /** Coordinated universal time, ISO 8601. */
  startedAt: Schema.String,
  endedAt: Schema.optionalKey(Schema.String),
  /** Provenance of the part that was stored last. */
  provenance: Provenance,
  /** Number of deviating results when its parts were computed again; repeated findings of one machine count once. */
  differences: Schema.Int,
})

export type KeptRun = typeof KeptRun.Type

/** A part that was computed twice with different results: the place of the difference, and the origins. */
export const Difference = Schema.Struct({
  run: Schema.String,
  part: Schema.Int,
  /** The first row and column that differ, or the field of a search; empty where the number of rows does. */
  place: Schema.String,
  kept: Schema.String,
  found: Schema.String,
  keptBy: Provenance,
  foundBy: Provenance,
  at: Schema.String,
})

export type Difference = typeof Difference.Type

/** A sweep: its specification, and the run of each of its trials in their order. */
export const KeptSweep = Schema.Struct({
  /** SHA-256 of the specification, so that the same sweep resumes. */
  id: Schema.String,
  experiment: Schema.String,
  /** Content of the sweep in encoded form. */
  spec: Schema.Json,
  startedAt: Schema.String,
  /** Run ids; a trial that has not started may already be listed. */
  trials: Schema.Array(Schema.String),
})

export type KeptSweep = typeof KeptSweep.Type

/** The stored runs of a program, for reading. */
export class Runs extends Context.Service<
  Runs,
  {
    /** The file, or the database without its password. */
    readonly place: string
    /** The runs, the oldest first. */
    readonly list: (choice?: Selection) => Effect.Effect<ReadonlyArray<KeptRun>, StoreFailed>
    /** Counts the selected runs without reading them. */
    readonly count: (
      choice?: Omit<Selection, "ids" | "latest">,
    ) => Effect.Effect<number, StoreFailed>
    /**
     * Text that changes whenever a run starts, continues, ends or is removed, here or in another program; cheap to poll.
     * Fails if the store is no longer where it was opened.
     */
    readonly stamp: Effect.Effect<string, StoreFailed>
    /** Run whose id begins like this: at least four digits. */
    readonly find: (
      name: string,
    ) => Effect.Effect<KeptRun, StoreFailed | UnknownRun | AmbiguousRun | DamagedRun>
    /** Only its id, which a damaged run also has. */
    readonly idOf: (name: string) => Effect.Effect<string, StoreFailed | UnknownRun | AmbiguousRun>
    /** All stored rows of an experiment, in the order of its cases. */
    readonly rowsOf: (id: string) => Effect.Effect<ReadonlyArray<Row>, StoreFailed>
    /** Stored parts, by index. */
    readonly partsOf: (id: string) => Effect.Effect<ReadonlyMap<number, Part>, StoreFailed>
    /** Removes runs with their rows; returns their number. */
    readonly remove: (ids: ReadonlyArray<string>) => Effect.Effect<number, StoreFailed>
    /**
     * Imports a run from elsewhere. Existing parts are compared bit for bit, and a difference is recorded. Returns the
     * number of new parts.
     */
    readonly insert: (
      run: KeptRun,
      parts: ReadonlyMap<number, Part>,
    ) => Effect.Effect<number, StoreFailed>
    /** Results that were computed twice with different bits, of one run or of all. */
    readonly differences: (id?: string) => Effect.Effect<ReadonlyArray<Difference>, StoreFailed>
    readonly sweeps: Effect.Effect<ReadonlyArray<KeptSweep>, StoreFailed>
    /** Stores a sweep; an existing one with the same id gets these trials. */
    readonly keepSweep: (sweep: KeptSweep) => Effect.Effect<void, StoreFailed>
    /**
     * Durations of earlier work: seconds of all parts of the latest finished run, by `subject` and by `subject` and
     * canonical configuration separated by a space.
     */
    readonly secondsBefore: Effect.Effect<ReadonlyMap<string, number>, StoreFailed>
    /** Number of parts taken from the store by this program, and of those computed, so far. */
    readonly counts: Effect.Effect<{ readonly reused: number; readonly computed: number }>
  }
>()("@nonconvex/store/Runs") {}
