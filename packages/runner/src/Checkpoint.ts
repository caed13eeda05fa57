import { Snapshot } from "@nonconvex/problems/Snapshot"
import { Schema } from "effect"

/** The state of a case that is under way, and the seconds of work up to it, those of earlier attempts among them. */
export const Checkpoint = Schema.Struct({ snapshot: Snapshot, seconds: Schema.Finite })
export type Checkpoint = typeof Checkpoint.Type
