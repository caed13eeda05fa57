import { Snapshot } from "@nonconvex/problems/Snapshot"
import { Schema } from "effect"

/** State of an unfinished case, and the seconds of work up to it, including earlier attempts. */
export const Checkpoint = Schema.Struct({ snapshot: Snapshot, seconds: Schema.Finite })
export type Checkpoint = typeof Checkpoint.Type
